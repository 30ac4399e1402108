package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// examination collects the steps; after the first failure that makes the rest meaningless, they are not asked.
type examination struct {
	report
	c   config
	s   *server
	end time.Time // when all has to be done; zero: never
}

// limit is how long the next question may take. Even after the end one second is left, for a server that is well.
func (e *examination) limit() time.Duration {
	limit := seconds(e.c.Seconds)
	if left := time.Until(e.end); !e.end.IsZero() && left < limit {
		limit = left
	}
	if limit < time.Second {
		limit = time.Second
	}
	return limit
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

// ask runs one step and says whether it went well.
func (e *examination) ask(name string, question func() (detail string, answer interface{}, err error)) bool {
	begin := time.Now()
	detail, answer, err := question()
	one := step{Name: name, OK: err == nil, Late: errors.Is(err, errLate), Seconds: round(time.Since(begin)), Detail: detail}
	if err != nil {
		one.Detail = err.Error()
		if errors.Is(err, errGone) && e.s != nil && e.s.trouble() != "" && !strings.Contains(one.Detail, e.s.trouble()) {
			one.Detail += ": " + e.s.trouble()
		}
	}
	if e.c.Answers {
		one.Answer = answer
	}
	e.Steps = append(e.Steps, one)
	return one.OK
}

func examine(c config) report {
	e := &examination{c: c}
	if c.Budget > 0 {
		e.end = time.Now().Add(seconds(c.Budget))
	}
	switch {
	case c.Workspace != "":
		e.visit()
	case c.Scratch != "":
		e.scratch()
	}
	e.Passed = len(e.Steps) > 0
	for _, s := range e.Steps {
		e.Passed = e.Passed && s.OK
	}
	if e.s != nil {
		e.Stderr = e.s.stderr.String()
	}
	return e.report
}

// begin starts the server on root and shakes hands.
func (e *examination) begin(root string) bool {
	if !e.ask("start", func() (string, interface{}, error) {
		s, err := start(e.c, root)
		e.s = s
		return e.c.Gopls, nil, err
	}) {
		return false
	}
	return e.ask("initialize", func() (string, interface{}, error) {
		var result struct {
			ServerInfo struct{ Name, Version string } `json:"serverInfo"`
		}
		err := e.s.call(e.limit(), "initialize", handshake(root, e.c.Settings), &result)
		e.Server = result.ServerInfo.Name
		if err == nil {
			err = e.s.notify("initialized", struct{}{})
		}
		return result.ServerInfo.Name, nil, err
	})
}

type object = map[string]interface{}

func handshake(root string, settings interface{}) object {
	return object{
		"processId":             os.Getpid(),
		"clientInfo":            object{"name": "gopherops.workstation probe"},
		"rootUri":               uri(root),
		"workspaceFolders":      []object{{"uri": uri(root), "name": filepath.Base(root)}},
		"initializationOptions": settings,
		"capabilities": object{
			"workspace": object{"configuration": true, "workspaceFolders": true},
			"textDocument": object{
				"publishDiagnostics": object{},
				"hover":              object{"contentFormat": []string{"markdown", "plaintext"}},
				"completion":         object{"completionItem": object{"snippetSupport": false}},
				"rename":             object{"prepareSupport": true},
			},
			"window": object{"workDoneProgress": true},
		},
	}
}

func (e *examination) open(d document) error {
	return e.s.notify("textDocument/didOpen", object{"textDocument": object{
		"uri": uri(d.path), "languageId": "go", "version": 1, "text": d.text,
	}})
}

// leave closes the session in the protocol's way and then by force.
func (e *examination) leave() {
	if e.s == nil {
		return
	}
	defer e.s.kill(2 * time.Second)
	if last := e.Steps[len(e.Steps)-1]; last.Name == "initialize" && last.Late {
		return // what never answered has no session to close, and would be waited for once more
	}
	if !e.ask("shutdown", func() (string, interface{}, error) {
		return "", nil, e.s.call(e.limit(), "shutdown", nil, nil)
	}) {
		return
	}
	e.ask("exit", func() (string, interface{}, error) {
		if err := e.s.notify("exit", nil); err != nil {
			return "", nil, err
		}
		select {
		case <-e.s.ended:
			if e.s.exit != nil {
				return "", nil, fmt.Errorf("the language server ended with: %v", e.s.exit)
			}
			return "exit status 0", nil, nil
		case <-time.After(e.limit()):
			return "", nil, fmt.Errorf("%w: the language server did not end", errLate)
		}
	})
}

// scratch asks everything in a module of our own.
func (e *examination) scratch() {
	right, wrong, importing, err := layOut(e.c)
	if err != nil {
		e.ask("workspace", func() (string, interface{}, error) { return "", nil, err })
		return
	}
	defer e.leave()
	if !e.begin(e.c.Scratch) {
		return
	}
	if !e.ask("open", func() (string, interface{}, error) {
		if err := e.open(right); err != nil {
			return "", nil, err
		}
		return right.path, nil, e.open(wrong)
	}) {
		return
	}
	e.diagnose(wrong)
	e.question(right)
	if e.c.Module != nil {
		e.ask("definition_module", func() (string, interface{}, error) {
			if err := e.open(importing); err != nil {
				return "", nil, err
			}
			return e.definition(importing, importing.find("."+e.c.Module.Symbol, 0), e.c.Module.Dir)
		})
	}
}

func (e *examination) diagnose(wrong document) {
	e.ask("diagnostics", func() (string, interface{}, error) {
		found, err := e.s.await(wrong.path, e.limit(), func(list []diagnostic) bool {
			for _, d := range list {
				if strings.Contains(d.Message, "undeclared") || strings.Contains(d.Message, "undefined") {
					return true
				}
			}
			return false
		})
		if err != nil {
			said := fmt.Sprintf("an undeclared name was not reported (%d diagnostics)", len(found))
			return "", found, fmt.Errorf("%w: %v", err, withReason(said, e.s.trouble()))
		}
		return found[0].Message, found, nil
	})
}
