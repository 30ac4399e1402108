package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"time"
)

// test runs the probe's own tests twice: the second answer has to come from the cache.
// Where already the first does, that is shown.
func test(c config) []step {
	if len(c.Test) == 0 {
		return nil
	}
	limited, cancel := context.WithTimeout(context.Background(), seconds(c.Building))
	defer cancel()
	first, text := tested(limited, c.Test, "test")
	if !first.OK {
		return []step{first}
	}
	if strings.Contains(text, "(cached)") {
		detail := "answered from the cache of an earlier run"
		return []step{first, {Name: "test_cached", OK: true, Seconds: first.Seconds, Detail: detail}}
	}
	second, text := tested(limited, c.Test, "test_cached")
	if second.OK && !strings.Contains(text, "(cached)") {
		second.OK = false
		second.Detail = "the second go test was not answered from the cache\n" + text
	}
	return []step{first, second}
}

// tested is one run. The output goes to a file: a pipe would stay open as long as anything that go started.
func tested(limited context.Context, words []string, name string) (step, string) {
	begin := time.Now()
	one := step{Name: name}
	text, err := func() (string, error) {
		out, err := os.CreateTemp(".", "test-*.out")
		if err != nil {
			return "", err
		}
		defer out.Close()
		command := exec.CommandContext(limited, words[0], words[1:]...)
		command.Stdout, command.Stderr = out, out
		err = command.Run()
		if limited.Err() != nil {
			err = errLate
		}
		text, _ := os.ReadFile(out.Name())
		return string(text), err
	}()
	one.Seconds = round(time.Since(begin))
	one.OK = err == nil
	if one.Late = errors.Is(err, errLate); one.Late {
		one.Detail = "given up: go test took longer than it may"
	} else if err != nil {
		one.Detail = err.Error() + "\n" + text
	}
	return one, text
}
