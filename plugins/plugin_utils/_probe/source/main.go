// Command probe proves that a Go set-up works. It starts the language server
// exactly as the editor would and asks it what an editor asks, over stdio.
//
// It reads one JSON object (type config) from standard input and prints one
// (type report) to standard output. It uses the standard library only and
// is the same on every system; the toolchain under test has just built it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// config says what to start and where to look.
type config struct {
	Gopls     string          `json:"gopls"`     // absolute path of the language server
	Args      []string        `json:"args"`      // go.languageServerFlags
	Env       []string        `json:"env"`       // its environment, NAME=value; empty: this process's own
	Settings  json.RawMessage `json:"settings"`  // the editor's "gopls" object
	GoVersion string          `json:"goversion"` // go1.N.P: the scratch module's go line
	GOROOT    string          `json:"goroot"`    // where a definition in package fmt has to lead
	Scratch   string          `json:"scratch"`   // empty directory for the scratch module
	Module    *cached         `json:"module"`    // a module in GOMODCACHE, or null
	Workspace string          `json:"workspace"` // a workspace of the user's instead: nothing is written
	Seconds   float64         `json:"seconds"`   // limit for each question
	Budget    float64         `json:"budget"`    // limit for all of them; 0: none
	Test      []string        `json:"test"`      // the command that tests this program, in this process's directory
	Building  float64         `json:"building"`  // limit for both times
	Answers   bool            `json:"answers"`   // also report what was answered
}

// cached is a module version whose source is in the module cache.
type cached struct {
	Path    string   `json:"path"`
	Version string   `json:"version"`
	Package string   `json:"package"`
	Symbol  string   `json:"symbol"`
	Dir     string   `json:"dir"`
	Sum     []string `json:"sum"` // lines of go.sum
}

// step is one question and how it went.
type step struct {
	Name    string      `json:"name"`
	OK      bool        `json:"ok"`
	Late    bool        `json:"late"` // given up for its limit: nothing is known about the answer
	Seconds float64     `json:"seconds"`
	Detail  string      `json:"detail"`
	Answer  interface{} `json:"answer,omitempty"`
}

type report struct {
	Passed  bool    `json:"passed"`
	Seconds float64 `json:"seconds"`
	Steps   []step  `json:"steps"`
	Server  string  `json:"server"`
	Stderr  string  `json:"stderr"`
}

func main() {
	var c config
	if err := json.NewDecoder(os.Stdin).Decode(&c); err != nil {
		fmt.Fprintf(os.Stderr, "probe: cannot read the configuration: %v\n", err)
		os.Exit(2)
	}
	if c.Seconds <= 0 {
		c.Seconds = 60
	}
	begin := time.Now()
	tested := make(chan []step, 1)
	go func() { tested <- test(c) }() // neither needs the other
	r := examine(c)
	for _, s := range <-tested {
		r.Steps = append(r.Steps, s)
		r.Passed = r.Passed && s.OK
	}
	r.Seconds = round(time.Since(begin))
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		os.Exit(2)
	}
}

func round(d time.Duration) float64 {
	return float64(d.Milliseconds()) / 1000
}
