package slacksim

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// maxUpload is the largest file that can be uploaded here.
const maxUpload = 10 << 20

// File is something that the app has uploaded.
type File struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Title   string `json:"title"`
	Length  int64  `json:"length"`
	Content []byte `json:"content,omitempty"`
	Shared  bool   `json:"shared,omitempty"`
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

func (ws *Workspace) file(id string) *File {
	i := slices.IndexFunc(ws.st.Files, func(f *File) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return ws.st.Files[i]
}

func filesGetUploadURL(c *call) (answer, error) {
	n, ok := c.args.int("length", 0)
	switch {
	case !ok || n <= 0:
		return nil, refuseBecause("invalid_arguments", "[ERROR] length must be above 0")
	case n > maxUpload:
		return nil, refuse("file_upload_size_restricted")
	}
	f := &File{ID: c.ws.newID("F"), Name: c.args["filename"], Length: n}
	c.ws.st.Files = append(c.ws.st.Files, f)
	c.effect("reserved %s", f.ID)
	return answer{"upload_url": "http://" + c.host + "/upload/" + f.ID, "file_id": f.ID}, nil
}

func (ws *Workspace) serveUpload(w http.ResponseWriter, r *http.Request) {
	data, err := uploadBody(r)
	ws.mu.Lock()
	defer ws.mu.Unlock()
	f := ws.file(r.PathValue("id"))
	if f == nil || f.Shared || err != nil || int64(len(data)) != f.Length {
		http.Error(w, "bad upload", http.StatusBadRequest)
		return
	}
	f.Content = data
	_, _ = io.WriteString(w, "OK - "+f.ID)
}

// uploadBody is the file of a request: its body, or the one part of a multipart form.
func uploadBody(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return io.ReadAll(io.LimitReader(r.Body, maxUpload+1))
	}
	mr, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := mr.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return io.ReadAll(io.LimitReader(part, maxUpload+1))
		}
	}
}

func filesCompleteUpload(c *call) (answer, error) {
	ws := c.ws
	var list []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal([]byte(c.args["files"]), &list) != nil || len(list) == 0 {
		return nil, refuseBecause("invalid_arguments", "[ERROR] files must be a list of objects with an id")
	}
	var ch *channel
	if id := c.args["channel_id"]; id != "" {
		if ch = ws.channel(id); ch == nil || ch.kind() != "public" && !ch.has(botUserID) {
			return nil, refuse("channel_not_found")
		}
		if !ch.has(botUserID) {
			return nil, refuse("not_in_channel")
		}
	}
	var out []map[string]any
	var ids []string
	for _, item := range list {
		f := ws.file(item.ID)
		if f == nil || f.Content == nil || f.Shared {
			return nil, refuse("file_not_found")
		}
		if f.Title = item.Title; f.Title == "" {
			f.Title = f.Name
		}
		f.Shared = true
		ids = append(ids, f.ID)
		out = append(out, map[string]any{"id": f.ID, "title": f.Title, "name": f.Name, "size": f.Length})
	}
	if ch != nil {
		m := &Message{User: botUserID, ByApp: true, Fallback: c.args["initial_comment"], ThreadTS: c.args["thread_ts"], Files: ids, Subtype: "file_share"}
		ws.post(ch, m)
		c.effect("shared %s in %s as %s", strings.Join(ids, ","), ch.ID, m.TS)
	}
	return answer{"files": out}, nil
}
