package incident

import "time"

// Assignment is one person holding one role. The first holder of a role leads it.
type Assignment struct {
	Role  Role      `json:"role"`
	User  UserID    `json:"user"`
	Since time.Time `json:"since"`
	By    UserID    `json:"by"`
}

// subject names the assignment among what the rule RuleRoleHeld speaks of.
func (a Assignment) subject() string { return string(a.Role) + "/" + string(a.User) }
