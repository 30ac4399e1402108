package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// message is any JSON-RPC message: request, response or notification.
type message struct {
	Version string           `json:"jsonrpc"`
	ID      *json.RawMessage `json:"id,omitempty"`
	Method  string           `json:"method,omitempty"`
	Params  json.RawMessage  `json:"params,omitempty"`
	Result  json.RawMessage  `json:"result,omitempty"`
	Error   *rpcError        `json:"error,omitempty"`
}

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

var (
	errGone = errors.New("the language server has ended")
	errLate = errors.New("gave up waiting")
)

// wire is one JSON-RPC connection with the framing of the language server protocol.
type wire struct {
	out     io.Writer
	writing sync.Mutex

	mu      sync.Mutex
	next    int
	waiting map[string]chan message
	gone    chan struct{} // closed when nothing more can be read

	onRequest      func(method string, params json.RawMessage) interface{}
	onNotification func(method string, params json.RawMessage)
}

func newWire(out io.Writer) *wire {
	return &wire{out: out, waiting: map[string]chan message{}, gone: make(chan struct{})}
}

// maximum is far more than a server answers to the probe; a wrong header must not exhaust memory.
const maximum = 64 << 20

func readMessage(in *bufio.Reader) (message, error) {
	var m message
	length := -1
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return m, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		if name, value, found := strings.Cut(line, ":"); found && strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return m, err
			}
		}
	}
	if length < 0 || length > maximum {
		return m, fmt.Errorf("message of %d bytes", length)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in, body); err != nil {
		return m, err
	}
	return m, json.Unmarshal(body, &m)
}

func (w *wire) send(m message) error {
	m.Version = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	_, err = fmt.Fprintf(w.out, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}

// listen dispatches what the server sends until the stream ends.
func (w *wire) listen(in io.Reader) {
	defer close(w.gone)
	reader := bufio.NewReader(in)
	for {
		m, err := readMessage(reader)
		if err != nil {
			return
		}
		switch {
		case m.Method != "" && m.ID != nil:
			result, err := json.Marshal(w.onRequest(m.Method, m.Params))
			if err != nil {
				result = []byte("null")
			}
			if w.send(message{ID: m.ID, Result: result}) != nil {
				return
			}
		case m.Method != "":
			w.onNotification(m.Method, m.Params)
		case m.ID != nil:
			w.mu.Lock()
			reply := w.waiting[string(*m.ID)]
			delete(w.waiting, string(*m.ID))
			w.mu.Unlock()
			if reply != nil {
				reply <- m
			}
		}
	}
}

// call asks and waits for the answer.
func (w *wire) call(limit time.Duration, method string, params, result interface{}) error {
	w.mu.Lock()
	w.next++
	id := json.RawMessage(strconv.Itoa(w.next))
	reply := make(chan message, 1)
	w.waiting[string(id)] = reply
	w.mu.Unlock()
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	if params == nil {
		raw = nil
	}
	if err := w.send(message{ID: &id, Method: method, Params: raw}); err != nil {
		return errGone
	}
	select {
	case m := <-reply:
		if m.Error != nil {
			return errors.New(m.Error.Message)
		}
		if result == nil || len(m.Result) == 0 {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-w.gone:
		return errGone
	case <-time.After(limit):
		return fmt.Errorf("%w: no answer to %s in %.0f s", errLate, method, limit.Seconds())
	}
}

func (w *wire) notify(method string, params interface{}) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	return w.send(message{Method: method, Params: raw})
}
