// Copyright: the gopherops.workstation maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Command dap proves that a debugger works as an editor would use it: it starts "dlv dap", sets a breakpoint, runs the
// program to it, reads a variable there, and lets the program end. Standard library only, any system.
//
//	dap DLV PROGRAM-FOLDER LINE VARIABLE
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

type message struct {
	Seq        int             `json:"seq"`
	Type       string          `json:"type"`
	Command    string          `json:"command,omitempty"`
	Event      string          `json:"event,omitempty"`
	RequestSeq int             `json:"request_seq,omitempty"`
	Success    bool            `json:"success,omitempty"`
	Message    string          `json:"message,omitempty"`
	Arguments  any             `json:"arguments,omitempty"`
	Body       json.RawMessage `json:"body,omitempty"`
}

type session struct {
	conn   net.Conn
	reader *bufio.Reader
	seq    int
	events []message
}

func (s *session) send(command string, arguments any) int {
	s.seq++
	data, err := json.Marshal(message{Seq: s.seq, Type: "request", Command: command, Arguments: arguments})
	check(err)
	_, err = fmt.Fprintf(s.conn, "Content-Length: %d\r\n\r\n%s", len(data), data)
	check(err)
	return s.seq
}

func (s *session) receive() message {
	length := 0
	for {
		line, err := s.reader.ReadString('\n')
		check(err)
		line = strings.TrimSpace(line)
		if line == "" {
			break
		}
		if value, found := strings.CutPrefix(line, "Content-Length:"); found {
			length, err = strconv.Atoi(strings.TrimSpace(value))
			check(err)
		}
	}
	data := make([]byte, length)
	_, err := io.ReadFull(s.reader, data)
	check(err)
	var m message
	check(json.Unmarshal(data, &m))
	return m
}

// answer waits for the response to a request and keeps the events that come before it.
func (s *session) answer(seq int) message {
	for {
		m := s.receive()
		if m.Type == "event" {
			s.events = append(s.events, m)
		} else if m.Type == "response" && m.RequestSeq == seq {
			if !m.Success {
				fail("%s: %s %s", m.Command, m.Message, m.Body)
			}
			return m
		}
	}
}

func (s *session) call(command string, arguments any) json.RawMessage {
	return s.answer(s.send(command, arguments)).Body
}

func (s *session) event(name string) json.RawMessage {
	for {
		for i, m := range s.events {
			if m.Event == name {
				s.events = append(s.events[:i], s.events[i+1:]...)
				return m.Body
			}
		}
		if m := s.receive(); m.Type == "event" {
			s.events = append(s.events, m)
		}
	}
}

func main() {
	if len(os.Args) != 5 {
		fail("usage: dap DLV PROGRAM-FOLDER LINE VARIABLE")
	}
	dlv, variable := os.Args[1], os.Args[4]
	folder, err := filepath.Abs(os.Args[2])
	check(err)
	line, err := strconv.Atoi(os.Args[3])
	check(err)
	began := time.Now()
	command := exec.Command(dlv, "dap", "--listen=127.0.0.1:0")
	command.Dir, command.Stderr = folder, os.Stderr
	output, err := command.StdoutPipe()
	check(err)
	check(command.Start())
	defer command.Process.Kill()
	time.AfterFunc(10*time.Minute, func() { command.Process.Kill(); fail("no answer within ten minutes") })

	announced, err := bufio.NewReader(output).ReadString('\n')
	check(err)
	_, address, found := strings.Cut(strings.TrimSpace(announced), "listening at: ")
	if !found {
		fail("dlv said %q", announced)
	}
	conn, err := net.Dial("tcp", address)
	check(err)
	s := &session{conn: conn, reader: bufio.NewReader(conn)}
	s.call("initialize", map[string]any{"adapterID": "go", "linesStartAt1": true, "pathFormat": "path"})
	// dlv answers this one only after configurationDone.
	s.send("launch", map[string]any{"mode": "debug", "program": folder, "stopOnEntry": false})
	s.event("initialized")
	var points struct {
		Breakpoints []struct {
			Verified bool   `json:"verified"`
			Message  string `json:"message"`
		} `json:"breakpoints"`
	}
	check(json.Unmarshal(s.call("setBreakpoints", map[string]any{
		"source": map[string]any{"path": filepath.Join(folder, "main.go")}, "breakpoints": []map[string]any{{"line": line}},
	}), &points))
	if len(points.Breakpoints) != 1 || !points.Breakpoints[0].Verified {
		fail("the breakpoint was not set: %+v", points)
	}
	s.call("configurationDone", map[string]any{})
	var stopped struct {
		Reason   string `json:"reason"`
		ThreadID int    `json:"threadId"`
	}
	check(json.Unmarshal(s.event("stopped"), &stopped))
	var stack struct {
		StackFrames []struct {
			ID   int    `json:"id"`
			Line int    `json:"line"`
			Name string `json:"name"`
		} `json:"stackFrames"`
	}
	check(json.Unmarshal(s.call("stackTrace", map[string]any{"threadId": stopped.ThreadID, "levels": 1}), &stack))
	var value struct {
		Result string `json:"result"`
	}
	check(json.Unmarshal(s.call("evaluate", map[string]any{
		"expression": variable, "frameId": stack.StackFrames[0].ID, "context": "watch",
	}), &value))
	s.call("continue", map[string]any{"threadId": stopped.ThreadID})
	s.event("terminated")
	s.send("disconnect", map[string]any{"terminateDebuggee": true})
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"reason": stopped.Reason, "line": stack.StackFrames[0].Line, "function": stack.StackFrames[0].Name,
		"value": value.Result, "seconds": time.Since(began).Seconds(),
	}))
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "dap: "+format+"\n", arguments...)
	os.Exit(1)
}
