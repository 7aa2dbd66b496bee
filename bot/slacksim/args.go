package slacksim

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxBody is the largest request body that is read at all.
const maxBody = 4 << 20

// args are a call's arguments by name. Nested ones are kept as JSON text, whichever way they came.
type args map[string]string

// decodeArgs reads the arguments of a Web API call: query, form, multipart form or JSON object. A method that takes forms only does not
// see what stands in a JSON object, and a token in one is never seen. The second result is Slack's error code, or "".
func decodeArgs(r *http.Request, formOnly bool) (args, string) {
	out := args{}
	take := func(v url.Values) {
		for k, vs := range v {
			if len(vs) > 0 {
				out[k] = vs[0]
			}
		}
	}
	take(r.URL.Query())
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return nil, "request_timeout"
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && len(body) > 0 {
		return nil, "missing_post_type"
	}
	switch kind {
	case "application/json":
		inner := args{}
		problem := inner.takeJSON(body, params["charset"])
		delete(inner, "token")
		if !formOnly {
			maps.Copy(out, inner)
		}
		return out, problem
	case "application/x-www-form-urlencoded":
		v, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, "invalid_form_data"
		}
		take(v)
	case "multipart/form-data":
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return nil, "invalid_form_data"
		}
		take(r.MultipartForm.Value)
		_ = r.MultipartForm.RemoveAll()
	case "":
	default:
		return nil, "invalid_post_type"
	}
	return out, ""
}

func (a args) takeJSON(body []byte, charset string) string {
	if charset != "" && !strings.EqualFold(charset, "utf-8") {
		return "invalid_charset"
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return ""
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		if json.Valid(body) {
			return "json_not_object"
		}
		return "invalid_json"
	}
	for k, raw := range object {
		text := string(raw)
		switch {
		case text == "null":
			continue
		case strings.HasPrefix(text, `"`):
			var s string
			if err := json.Unmarshal(raw, &s); err != nil {
				return "invalid_json"
			}
			a[k] = s
		default:
			a[k] = text
		}
	}
	return ""
}

func (a args) has(name string) bool { return a[name] != "" }

func (a args) bool(name string) bool { return a[name] == "1" || strings.EqualFold(a[name], "true") }

// int is the number of an argument, or def if there is none; ok is false when it is not a number.
func (a args) int(name string, def int64) (n int64, ok bool) {
	if a[name] == "" {
		return def, true
	}
	n, err := strconv.ParseInt(a[name], 10, 64)
	return n, err == nil
}

// list is an argument that holds several: separated by commas, or a JSON array of strings.
func (a args) list(name string) []string {
	text := strings.TrimSpace(a[name])
	if text == "" {
		return nil
	}
	var out []string
	if strings.HasPrefix(text, "[") && json.Unmarshal([]byte(text), &out) == nil {
		return out
	}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// raw is an argument that holds JSON; ok is false when it does not. No argument and null are nil.
func (a args) raw(name string) (value json.RawMessage, ok bool) {
	text := strings.TrimSpace(a[name])
	if text == "" || text == "null" {
		return nil, true
	}
	return json.RawMessage(text), json.Valid([]byte(text))
}

// toJSON encodes what is known to be encodable, without the HTML escapes that make text unreadable.
func toJSON(v any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return json.RawMessage("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
