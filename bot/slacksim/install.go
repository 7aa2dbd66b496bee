package slacksim

// uninstalled is what Slack says of a token whose app is gone.
const uninstalled = "account_inactive"

func (ws *Workspace) uninstalled() bool { return ws.st.Revoked == uninstalled }

// Uninstall takes the app out of the workspace: its token ends, its commands are gone, its user is in no channel any more. The events
// that tell of it are the last that it hears.
func (ws *Workspace) Uninstall() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.emit(event{kind: "tokens_revoked", body: map[string]any{"tokens": map[string]any{"oauth": []string{}, "bot": []string{botUserID}}}})
	ws.emit(event{kind: "app_uninstalled", body: map[string]any{}})
	ws.st.Revoked = uninstalled
	ws.user(botUserID).Deleted = true
	for _, c := range ws.st.Channels {
		if !c.IM && c.has(botUserID) {
			ws.part(c, botUserID, "")
		}
	}
	ws.notify(Change{Kind: ChangeUser, User: botUserID})
}

// RevokeToken ends the bot's token, and leaves the app where it is.
func (ws *Workspace) RevokeToken() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.emit(event{kind: "tokens_revoked", body: map[string]any{"tokens": map[string]any{"oauth": []string{}, "bot": []string{botUserID}}}})
	ws.st.Revoked = "token_revoked"
}

// Install lets the app in again, under the same token. Channels that it was in do not know it any more.
func (ws *Workspace) Install() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.st.Revoked = ""
	ws.user(botUserID).Deleted = false
	ws.notify(Change{Kind: ChangeUser, User: botUserID})
}
