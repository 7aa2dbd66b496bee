package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Slack asks the Web API by plain HTTP, since the answers' headers are part of what is looked at.
type Slack struct {
	API                string // ends in a slash; empty: Slack's own
	BotToken, AppToken string
	HTTP               *http.Client // nil: one that waits half a minute
}

// apiError is a refusal of Slack.
type apiError struct{ code, needed string }

func (e *apiError) Error() string {
	if e.needed != "" {
		return e.code + ", needed is " + e.needed
	}
	return e.code
}

// codeOf is Slack's error code; "" when the error is not Slack's.
func codeOf(err error) string {
	var refused *apiError
	if errors.As(err, &refused) {
		return refused.code
	}
	return ""
}

// call calls a method and answers the headers. Its errors never hold a token.
func (s *Slack) call(ctx context.Context, token, method string, args url.Values, into any) (http.Header, error) {
	base := s.API
	if base == "" {
		base = "https://slack.com/api/"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+method, strings.NewReader(args.Encode()))
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", method, err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := s.HTTP
	if client == nil {
		client = &http.Client{Timeout: 30 * time.Second}
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", method, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 8<<20))
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", method, err)
	}
	var answer struct {
		OK            bool
		Error, Needed string
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("call %s: the answer (status %d) is not Slack's", method, response.StatusCode)
	}
	if !answer.OK {
		return response.Header, &apiError{answer.Error, answer.Needed}
	}
	if into != nil {
		if err := json.Unmarshal(body, into); err != nil {
			return nil, fmt.Errorf("call %s: the answer cannot be read", method)
		}
	}
	return response.Header, nil
}
