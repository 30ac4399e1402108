package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// server is a running language server and what it has said so far.
type server struct {
	*wire
	command  *exec.Cmd
	settings json.RawMessage
	stderr   tail
	ended    chan struct{}
	exit     error

	mu          sync.Mutex
	diagnostics map[string][]diagnostic // by path
	changed     chan struct{}           // closed and replaced whenever diagnostics arrive
	messages    []string                // window/showMessage of type error
}

type diagnostic struct {
	Range    span   `json:"range"`
	Severity int    `json:"severity"`
	Message  string `json:"message"`
}

// tail keeps the last bytes written: enough to see why a server gave up.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if extra := len(t.text) - 2000; extra > 0 {
		t.text = t.text[extra:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}

// start runs gopls in dir over stdio, in the environment that the editor would give it.
func start(c config, dir string) (*server, error) {
	s := &server{
		command:     exec.Command(c.Gopls, c.Args...),
		settings:    c.Settings,
		ended:       make(chan struct{}),
		diagnostics: map[string][]diagnostic{},
		changed:     make(chan struct{}),
	}
	s.command.Dir = dir
	if len(c.Env) > 0 { // an empty list would be an empty environment, in which gopls finds neither go nor a cache
		s.command.Env = c.Env
	}
	s.command.Stderr = &s.stderr
	in, err := s.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.wire = newWire(in)
	s.onRequest = s.answer
	s.onNotification = s.hear
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		s.listen(out) // Wait closes the pipe: read to the end first
		s.exit = s.command.Wait()
		close(s.ended)
	}()
	return s, nil
}

// answer gives the server what it asks the editor for.
func (s *server) answer(method string, params json.RawMessage) interface{} {
	if method != "workspace/configuration" {
		return nil // registerCapability, workDoneProgress/create, showMessageRequest: acknowledged
	}
	var asked struct {
		Items []struct{ Section string } `json:"items"`
	}
	_ = json.Unmarshal(params, &asked)
	settings := make([]json.RawMessage, len(asked.Items))
	for i, item := range asked.Items {
		settings[i] = json.RawMessage("{}")
		if item.Section == "gopls" && len(s.settings) > 0 {
			settings[i] = s.settings
		}
	}
	return settings
}

func (s *server) hear(method string, params json.RawMessage) {
	switch method {
	case "textDocument/publishDiagnostics":
		var p struct {
			URI         string       `json:"uri"`
			Diagnostics []diagnostic `json:"diagnostics"`
		}
		if json.Unmarshal(params, &p) != nil {
			return
		}
		s.mu.Lock()
		s.diagnostics[pathOf(p.URI)] = p.Diagnostics
		close(s.changed)
		s.changed = make(chan struct{})
		s.mu.Unlock()
	case "window/showMessage":
		var p struct {
			Type    int    `json:"type"`
			Message string `json:"message"`
		}
		if json.Unmarshal(params, &p) == nil && p.Type == 1 {
			s.mu.Lock()
			s.messages = append(s.messages, p.Message)
			s.mu.Unlock()
		}
	}
}

// await returns the diagnostics of path as soon as good accepts them, or the last ones and why they are the last.
func (s *server) await(path string, limit time.Duration, good func([]diagnostic) bool) ([]diagnostic, error) {
	deadline := time.After(limit)
	for {
		s.mu.Lock()
		have, published := s.diagnostics[path]
		changed := s.changed
		s.mu.Unlock()
		if published && good(have) {
			return have, nil
		}
		select {
		case <-changed:
		case <-s.ended:
			return have, errGone
		case <-deadline:
			return have, errLate
		}
	}
}

// complaint is what the server says is wrong with path, which may come a moment after the answer; else its trouble.
func (s *server) complaint(path string) string {
	found, _ := s.await(path, 3*time.Second, func(list []diagnostic) bool { return len(list) > 0 })
	for _, d := range found {
		if d.Severity <= 1 { // errors; a server may leave the severity out
			return d.Message
		}
	}
	return s.trouble()
}

// trouble is the last thing the server complained about, for a person to read.
func (s *server) trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.messages) > 0 {
		return s.messages[len(s.messages)-1]
	}
	return s.stderr.String()
}

// kill makes sure that nothing is left behind, whatever happened.
func (s *server) kill(patience time.Duration) {
	select {
	case <-s.ended:
		return
	case <-time.After(patience):
	}
	_ = s.command.Process.Kill()
	select {
	case <-s.ended:
	case <-time.After(patience):
	}
}
