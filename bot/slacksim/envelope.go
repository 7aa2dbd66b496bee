package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// ackWithin is how long the app may take to acknowledge an envelope.
const ackWithin = 3 * time.Second

// envelope is something sent to the app that waits for its ack.
type envelope struct {
	id      string
	kind    string // slash_commands, interactive, events_api
	name    string // what faults and the journal know it by
	payload json.RawMessage
	accepts bool
	attempt int
	reason  string
	socket  int
	acked   chan json.RawMessage // holds one
}

// send gives the envelope to exactly one open socket. It must be called with the lock held; false means that no socket is open.
func (ws *Workspace) send(e *envelope) bool {
	var open []*socket
	for _, s := range ws.sockets {
		select {
		case <-s.done:
		default:
			open = append(open, s)
		}
	}
	entry := Entry{Kind: EntryEnvelope, Method: e.name, Envelope: e.id, Attempt: e.attempt, Body: string(e.payload)}
	if len(open) == 0 {
		entry.Error = "no socket is open"
		ws.note(entry)
		return false
	}
	s := open[ws.random.IntN(len(open))]
	wire := map[string]any{"envelope_id": e.id, "type": e.kind, "payload": e.payload, "accepts_response_payload": e.accepts}
	if e.kind == "events_api" {
		wire["retry_attempt"], wire["retry_reason"] = e.attempt, e.reason
	}
	e.socket = s.ID
	ws.waiting[e.id] = e
	entry.Socket, entry.OK = s.ID, true
	if f := ws.struck(e.name, FaultEnvelopeLost)[FaultEnvelopeLost]; f != nil {
		entry.Fault = string(f.Kind)
		ws.note(entry)
		return true
	}
	entry.OK = s.push(frame{data: toJSON(wire)})
	ws.note(entry)
	return true
}

// ack takes what the app has sent on a socket.
func (ws *Workspace) ack(s *socket, data []byte) {
	var a wireAck
	err := json.Unmarshal(data, &a)
	ws.mu.Lock()
	defer ws.mu.Unlock()
	entry := Entry{Kind: EntryAck, Method: "ack", Envelope: a.EnvelopeID, Socket: s.ID, Body: string(a.Payload)}
	e := ws.waiting[a.EnvelopeID]
	switch {
	case err != nil:
		entry.Error = "not JSON"
	case len(data) >= ackLimit:
		entry.Error = fmt.Sprintf("dropped: %d bytes, the limit is %d", len(data), ackLimit)
	case e == nil:
		entry.Error = "late, or for nothing that waits"
	case ws.opts.AckOnSameSocket && e.socket != s.ID:
		entry.Error = "dropped: it came on another socket"
	case ws.struck(e.name, FaultAckLost)[FaultAckLost] != nil:
		entry.Fault = string(FaultAckLost)
	default:
		entry.OK, entry.Method = true, e.name
		delete(ws.waiting, a.EnvelopeID)
		payload := a.Payload
		if len(payload) == 0 || string(payload) == "null" || !e.accepts {
			payload = nil
		}
		e.acked <- payload
	}
	ws.note(entry)
}

func (ws *Workspace) newEnvelope(kind, name string, payload any, accepts bool) *envelope {
	ws.st.NextID++
	id := fmt.Sprintf("%08x-51ac-4000-8000-%012x", ws.st.LastTS&0xffffffff, ws.st.NextID)
	return &envelope{id: id, kind: kind, name: name, payload: toJSON(payload), accepts: accepts, acked: make(chan json.RawMessage, 1)}
}

// deliver sends what a person waits for, and returns the payload of the app's ack. Nothing is sent a second time.
func (ws *Workspace) deliver(ctx context.Context, e *envelope) (json.RawMessage, error) {
	ws.mu.Lock()
	switch {
	case ws.closed:
		ws.mu.Unlock()
		return nil, ErrClosed
	case ws.down:
		ws.mu.Unlock()
		return nil, ErrDown
	}
	sent := ws.send(e)
	ws.mu.Unlock()
	if !sent {
		return nil, ErrNoSocket
	}
	return ws.await(ctx, e)
}

// await waits for the ack for as long as Slack does.
func (ws *Workspace) await(ctx context.Context, e *envelope) (json.RawMessage, error) {
	t := time.NewTimer(ackWithin)
	defer t.Stop()
	var err error
	select {
	case payload := <-e.acked:
		return payload, nil
	case <-t.C:
		err = ErrTimeout
	case <-ctx.Done():
		err = ctx.Err()
	case <-ws.ctx.Done():
		err = ErrClosed
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.waiting, e.id)
	select {
	case payload := <-e.acked: // it came at the last moment
		return payload, nil
	default:
		return nil, err
	}
}
