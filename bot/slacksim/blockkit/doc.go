// Package blockkit is Block Kit as Slack accepts it and as Slack shows it.
//
// It decides two things: which blocks and views Slack would refuse, and in which words (ValidateMessage,
// ValidateView); and how accepted ones look as HTML (Renderer), or as plain text (Text). It knows the wire format
// only: no Slack client library, no workspace, and no bot.
package blockkit
