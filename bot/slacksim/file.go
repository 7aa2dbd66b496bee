package slacksim

import (
	"cmp"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// maxUpload is the largest file that can be uploaded here.
const maxUpload = 10 << 20

// File is something that the app or a person has uploaded.
type File struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Title   string `json:"title"`
	Length  int64  `json:"length"`
	Content []byte `json:"content,omitempty"`
	Shared  bool   `json:"shared,omitempty"`
	User    string `json:"user,omitempty"` // whose it is; empty for the app's
	Created int64  `json:"created,omitempty"`
	Deleted bool   `json:"deleted,omitempty"`
}

// Upload is a file that a person puts beside their words.
type Upload struct {
	Name    string
	Title   string // the name, if it is empty
	Content []byte
}

// FileContent is the content of a file by its ID, nil if there is none.
func (ws *Workspace) FileContent(id string) []byte {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if f := ws.file(id); f != nil {
		return slices.Clone(f.Content)
	}
	return nil
}

// FilesOf are the files of a message, without what they hold.
func (ws *Workspace) FilesOf(m Message) []File {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	var out []File
	for _, id := range m.Files {
		if f := ws.file(id); f != nil && !f.Deleted {
			one := *f
			one.Content = nil
			out = append(out, one)
		}
	}
	return out
}

// File is a file that stands in a message which the person can see, with what it holds.
func (p *Person) File(id string) (File, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	f := p.ws.file(id)
	if f == nil || f.Deleted || p.ID == "" || !slices.ContainsFunc(p.ws.st.Channels, func(c *channel) bool {
		return p.ws.visible(c, p.ID) && slices.ContainsFunc(c.Messages, func(m *Message) bool { return slices.Contains(m.Files, id) })
	}) {
		return File{}, false
	}
	return *f, true
}

// Type is the MIME type of the file, by its name.
func (f File) Type() string {
	_, mime, _ := fileType(f.Name)
	return mime
}

// Uploads posts files, pictures above all, with the words that stand beside them, if any.
func (pl Place) Uploads(words string, files ...Upload) (Message, error) {
	reply, err := pl.say(words, files)
	return reply.Message, err
}

// upload keeps a person's file.
func (ws *Workspace) upload(user string, u Upload) *File {
	f := &File{ID: ws.newID("F"), Name: u.Name, Title: cmp.Or(u.Title, u.Name), Length: int64(len(u.Content)), Content: u.Content, Shared: true,
		User: user, Created: time.Now().Unix()}
	ws.st.Files = append(ws.st.Files, f)
	return f
}

// shared tells the app of the files of a message, one by one.
func (ws *Workspace) shared(c *channel, m *Message) {
	for _, id := range m.Files {
		ws.emit(event{kind: "file_shared", channel: c, body: map[string]any{
			"file_id": id, "user_id": m.User, "file": map[string]any{"id": id}, "channel_id": c.ID}})
	}
}

func (ws *Workspace) file(id string) *File {
	i := slices.IndexFunc(ws.st.Files, func(f *File) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return ws.st.Files[i]
}

// fileType is what Slack calls files of this name: its own short word, the MIME type, and the name for people.
func fileType(name string) (short, mime, pretty string) {
	short = strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	switch short {
	case "png", "gif", "webp":
		return short, "image/" + short, strings.ToUpper(short)
	case "jpg", "jpeg":
		return "jpg", "image/jpeg", "JPEG"
	case "mp4":
		return short, "video/mp4", "MPEG 4 Video"
	case "pdf":
		return short, "application/pdf", "PDF"
	case "json":
		return short, "application/json", "JSON"
	case "csv":
		return short, "text/csv", "CSV"
	case "md":
		return "markdown", "text/markdown", "Markdown (raw)"
	case "txt", "log":
		return "text", "text/plain", "Plain Text"
	}
	return "binary", "application/octet-stream", "Binary"
}

// wireFiles are the files of a message as the bot sees them. Of one that was deleted Slack leaves a stone.
func (ws *Workspace) wireFiles(ids []string) []map[string]any {
	out := []map[string]any{}
	for _, id := range ids {
		if f := ws.file(id); f != nil && !f.Deleted {
			out = append(out, ws.wireFile(f))
		} else {
			out = append(out, map[string]any{"id": id, "mode": "tombstone"})
		}
	}
	return out
}

func (ws *Workspace) wireFile(f *File) map[string]any {
	short, mime, pretty := fileType(f.Name)
	public, private, direct := ws.sharedIn(f)
	at := "http://" + cmp.Or(ws.host, "slacksim") + "/files/" + f.ID + "/"
	wire := map[string]any{
		"id": f.ID, "created": f.Created, "timestamp": f.Created, "name": f.Name, "title": cmp.Or(f.Title, f.Name), "mimetype": mime, "filetype": short,
		"pretty_type": pretty, "user": cmp.Or(f.User, botUserID), "user_team": ws.opts.TeamID, "editable": false, "size": f.Length, "mode": "hosted",
		"is_external": false, "external_type": "", "is_public": len(public) > 0, "public_url_shared": false, "display_as_bot": false, "username": "",
		"url_private": at + f.Name, "url_private_download": at + "download/" + f.Name, "permalink": "https://" + ws.opts.TeamDomain + ".slack.com/files/" +
			cmp.Or(f.User, botUserID) + "/" + f.ID + "/" + strings.ToLower(f.Name),
		"channels": public, "groups": private, "ims": direct, "comments_count": 0, "file_access": "visible",
	}
	if strings.HasPrefix(mime, "image/") {
		wire["thumb_360"], wire["thumb_360_w"], wire["thumb_360_h"], wire["original_w"], wire["original_h"] = at+f.Name, 360, 270, 800, 600
	}
	return wire
}

// sharedIn are the conversations that hold the file, by their kind.
func (ws *Workspace) sharedIn(f *File) (public, private, direct []string) {
	public, private, direct = []string{}, []string{}, []string{}
	for _, c := range ws.st.Channels {
		if !slices.ContainsFunc(c.Messages, func(m *Message) bool { return slices.Contains(m.Files, f.ID) }) {
			continue
		}
		switch c.kind() {
		case "public":
			public = append(public, c.ID)
		case "im":
			direct = append(direct, c.ID)
		default:
			private = append(private, c.ID)
		}
	}
	return public, private, direct
}

// reachable says whether the bot may see the file: its own, or one in a conversation that it knows of.
func (ws *Workspace) reachable(f *File) bool {
	return f.User == "" || slices.ContainsFunc(ws.st.Channels, func(c *channel) bool {
		return (c.has(botUserID) || c.kind() == "public") && slices.ContainsFunc(c.Messages, func(m *Message) bool { return slices.Contains(m.Files, f.ID) })
	})
}

// serveFile gives out what a file holds, to who has the bot's token and its scope; anybody else reads Slack's page for signing in.
func (ws *Workspace) serveFile(w http.ResponseWriter, r *http.Request) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	f := ws.file(r.PathValue("id"))
	allowed := r.Header.Get("Authorization") == "Bearer "+ws.opts.BotToken && ws.manifest.has("files:read")
	switch {
	case !allowed || f != nil && !ws.reachable(f):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>Sign in</title>")
	case f == nil || f.Deleted:
		http.NotFound(w, r)
	default:
		_, mime, _ := fileType(f.Name)
		w.Header().Set("Content-Type", mime)
		_, _ = w.Write(f.Content)
	}
}
