package main

import (
	"bufio"
	"bytes"
	"runtime"
	"testing"
)

// The tests run on the target with the toolchain under test: twice, and the second time from the cache.

func TestFraming(t *testing.T) {
	var stream bytes.Buffer
	if err := newWire(&stream).send(message{Method: "grüß", Params: []byte(`{"a":1}`)}); err != nil {
		t.Fatal(err)
	}
	m, err := readMessage(bufio.NewReader(&stream))
	if err != nil || m.Method != "grüß" || string(m.Params) != `{"a":1}` {
		t.Fatalf("got %+v, %v", m, err)
	}
}

func TestPositionsAreUTF16(t *testing.T) {
	d := document{text: "x\n𝄞é.Name"}
	if got := d.find(".Name", 0); got != (position{1, 3}) {
		t.Fatalf("got %+v", got)
	}
}

func TestNamesOfFiles(t *testing.T) {
	path := "/tmp/a b/张三.go"
	if runtime.GOOS == "windows" {
		path = `C:\a b\张三.go`
	}
	if got := pathOf(uri(path)); got != path {
		t.Fatalf("%s became %s", path, got)
	}
}

func TestDirective(t *testing.T) {
	for version, want := range map[string]string{
		"go1.27.4": "1.27.4", "go1.27.0": "1.27.0", "go1.28rc1": "1.28rc1", "go1.27.4 X:greenteagc": "1.27.4",
		"go1.20.5": "1.20", "go1.27": "1.27", "devel go1.28-8c2b1f0": "1.28", "go1.26.6-bigcorp": "1.26.6", "devel": "1.18",
	} {
		if got := directive(version); got != want {
			t.Errorf("directive(%s) = %s, want %s", version, got, want)
		}
	}
}
