package templates

// Headings are those of an exported incident. All are plain text.
type Headings struct {
	Severity string
	Priority string
	Status   string
	Declared string
	By       string
	Finished string
	Duration string
	Channel  string
	Private  string
	Drill    string
	Summary  string
	Closing  string
	Roles    string
	Updates  string
	Current  string
	Next     string
	Timeline string
	Time     string
	Entry    string
	Words    string
	Note     string
	Update   string
}
