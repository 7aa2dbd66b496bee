package slacksim

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

func filesGetUploadURL(c *call) (answer, error) {
	n, ok := c.args.int("length", 0)
	switch {
	case !ok || n <= 0:
		return nil, refuseBecause("invalid_arguments", "[ERROR] length must be above 0")
	case n > maxUpload:
		return nil, refuse("file_upload_size_restricted")
	}
	f := &File{ID: c.ws.newID("F"), Name: c.args["filename"], Length: n, Created: time.Now().Unix()}
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

// destinations are the channels that uploaded files go to: channel_id, or several in channels.
func (c *call) destinations() ([]*channel, error) {
	ids := c.args.list("channels")
	if id := c.args["channel_id"]; id != "" {
		ids = append([]string{id}, ids...)
	}
	var out []*channel
	for _, id := range ids {
		ch := c.ws.channel(id)
		switch {
		case ch == nil || ch.kind() != "public" && !ch.has(botUserID):
			return nil, refuse("channel_not_found")
		case !ch.has(botUserID):
			return nil, refuse("not_in_channel")
		case !slices.Contains(out, ch):
			out = append(out, ch)
		}
	}
	return out, nil
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
	blocks, ok := c.args.raw("blocks")
	if !ok {
		return nil, refuse("invalid_blocks")
	}
	if err := c.checkBlocks(blocks); err != nil {
		return nil, err
	}
	channels, err := c.destinations()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, item := range list {
		f := ws.file(item.ID)
		if f == nil || f.Content == nil || f.Shared {
			return nil, refuse("file_not_found")
		}
		if f.Title = item.Title; f.Title == "" {
			f.Title = f.Name
		}
		ids = append(ids, f.ID)
	}
	for _, id := range ids {
		ws.file(id).Shared = true
	}
	for _, ch := range channels {
		m := &Message{User: botUserID, ByApp: true, Fallback: c.args["initial_comment"], Blocks: ws.complete(blocks), ThreadTS: c.args["thread_ts"],
			Files: ids, Subtype: "file_share"}
		ws.post(ch, m)
		ws.shared(ch, m)
		c.effect("shared %s in %s as %s", strings.Join(ids, ","), ch.ID, m.TS)
	}
	return answer{"files": ws.wireFiles(ids)}, nil
}

// knownFile is the file of the call, if the bot may see it.
func (c *call) knownFile() (*File, error) {
	f := c.ws.file(c.args["file"])
	switch {
	case f == nil || !c.ws.reachable(f):
		return nil, refuse("file_not_found")
	case f.Deleted:
		return nil, refuse("file_deleted")
	}
	return f, nil
}

func filesInfo(c *call) (answer, error) {
	f, err := c.knownFile()
	if err != nil {
		return nil, err
	}
	return answer{"file": c.ws.wireFile(f), "comments": []any{}, "content_html": nil, "editor": nil, "response_metadata": cursorOf("")}, nil
}

// filesList lists the files that the bot may see, newest first, in pages with numbers.
func filesList(c *call) (answer, error) {
	if user := c.args["user"]; user != "" && c.ws.user(user) == nil {
		return nil, refuse("user_not_found")
	}
	var found []*File
	for _, f := range slices.Backward(c.ws.st.Files) {
		public, private, direct := c.ws.sharedIn(f)
		in := slices.Contains(slices.Concat(public, private, direct), c.args["channel"])
		mine := f.User == c.args["user"] || f.User == "" && c.args["user"] == botUserID
		if f.Shared && !f.Deleted && c.ws.reachable(f) && (c.args["channel"] == "" || in) && (c.args["user"] == "" || mine) {
			found = append(found, f)
		}
	}
	count, ok := c.args.int("count", 100)
	number, ok2 := c.args.int("page", 1)
	if !ok || !ok2 || count < 1 || number < 1 {
		return nil, refuseBecause("invalid_arguments", "[ERROR] count and page must be above 0")
	}
	count, number = min(count, 1000), min(number, int64(len(found)+1))
	pages := (len(found) + int(count) - 1) / int(count)
	from := min(int(count*(number-1)), len(found))
	files := []map[string]any{}
	for _, f := range found[from:min(from+int(count), len(found))] {
		files = append(files, c.ws.wireFile(f))
	}
	return answer{"files": files, "paging": map[string]any{"count": count, "total": len(found), "page": number, "pages": pages}}, nil
}

func filesDelete(c *call) (answer, error) {
	f, err := c.knownFile()
	switch {
	case err != nil:
		return nil, err
	case f.User != "":
		return nil, refuse("cant_delete_file")
	}
	c.ws.deleteFile(f)
	c.effect("deleted %s", f.ID)
	return nil, nil
}

func (ws *Workspace) deleteFile(f *File) {
	public, private, direct := ws.sharedIn(f)
	if ws.reachable(f) {
		defer ws.emit(event{kind: "file_deleted", body: map[string]any{"file_id": f.ID, "channel_ids": slices.Concat(public, private, direct)}})
	}
	f.Deleted, f.Content = true, nil
	for _, c := range ws.st.Channels {
		for _, m := range c.Messages {
			if slices.Contains(m.Files, f.ID) {
				ws.notify(Change{Kind: ChangeEdited, Channel: c.ID, TS: m.TS, Thread: m.ThreadTS})
			}
		}
	}
}
