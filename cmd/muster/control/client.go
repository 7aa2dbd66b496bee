package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"muster/bot/paper"
	"muster/incident"
)

// Absent reports whether nobody answers on the socket.
func Absent(err error) bool {
	var dial *net.OpError
	return errors.As(err, &dial) && dial.Op == "dial"
}

// Client asks the bot that runs on a database.
type Client struct{ http *http.Client }

// Connect makes a client for the socket at a path. Whether somebody answers there shows at the first question.
func Connect(path string) *Client {
	return &Client{&http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
	}}}
}

// Backup writes a copy of the running bot's database.
func (c *Client) Backup(ctx context.Context, to io.Writer) error {
	body, err := c.get(ctx, "/backup")
	if err != nil {
		return err
	}
	defer body.Close()
	if _, err := io.Copy(to, body); err != nil {
		return fmt.Errorf("copy from the running bot: %w", err)
	}
	return nil
}

// Export reads one incident whole. An unknown one is incident.ErrNotFound.
func (c *Client) Export(ctx context.Context, id incident.ID) (paper.Document, error) {
	var doc paper.Document
	return doc, c.read(ctx, "/export/"+string(id), &doc)
}

// Health checks the running bot's database.
func (c *Client) Health(ctx context.Context) (Health, error) {
	var health Health
	return health, c.read(ctx, "/health", &health)
}

func (c *Client) read(ctx context.Context, path string, into any) error {
	body, err := c.get(ctx, path)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(into); err != nil {
		return fmt.Errorf("read the answer of the running bot: %w", err)
	}
	return nil
}

func (c *Client) get(ctx context.Context, path string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://muster"+path, nil)
	if err != nil {
		return nil, fmt.Errorf("ask the running bot: %w", err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the running bot: %w", err)
	}
	switch response.StatusCode {
	case http.StatusOK:
		return response.Body, nil
	case http.StatusNotFound:
		_ = response.Body.Close()
		return nil, fmt.Errorf("ask the running bot: %w", incident.ErrNotFound)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
	return nil, fmt.Errorf("the running bot answers: %s", strings.TrimSpace(string(text)))
}
