package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"unicode/utf16"
)

// The scratch module: one file that is right but not formatted, one that is wrong on purpose.
const mainGo = `package main

import "fmt"

func greet(name string) string { return "hello, " + name }

func main() {
	fmt.Println(greet("gopher"))
	  fmt.Println(greet("again"))
}
`

const wrongGo = `package wrong

func Wrong() int { return undeclared }
`

type document struct {
	path, text string
}

// layOut writes the scratch module and returns its right, its wrong and, where there is one, its importing file.
func layOut(c config) (right, wrong, importing document, err error) {
	mod := "module gopherops.example/scratch\n\ngo " + directive(c.GoVersion) + "\n"
	files := map[string]string{"main.go": mainGo, "wrong/wrong.go": wrongGo}
	if m := c.Module; m != nil {
		mod += fmt.Sprintf("\nrequire %s %s\n", m.Path, m.Version)
		files["go.sum"] = strings.Join(m.Sum, "\n") + "\n"
		name := m.Package[strings.LastIndex(m.Package, "/")+1:]
		files["importing/importing.go"] = fmt.Sprintf(
			"package importing\n\nimport %q\n\nvar Found = %s.%s\n", m.Package, name, m.Symbol)
	}
	files["go.mod"] = mod
	for name, text := range files {
		path := filepath.Join(c.Scratch, filepath.FromSlash(name))
		if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return
		}
		if err = os.WriteFile(path, []byte(text), 0o600); err != nil {
			return
		}
	}
	at := func(name string) document {
		return document{filepath.Join(c.Scratch, filepath.FromSlash(name)), files[name]}
	}
	return at("main.go"), at("wrong/wrong.go"), at("importing/importing.go"), nil
}

var release = regexp.MustCompile(`go(\d+)\.(\d+)(\.\d+|rc\d+|beta\d+)?`)

// directive turns go1.27.4 into 1.27.4, the newest go line that this toolchain takes. Less would not do: since Go 1.21
// a module's line must not be older than those of its requirements, and 1.27 is older than 1.27.0.
// https://go.dev/doc/toolchain#version
func directive(version string) string {
	m := release.FindStringSubmatch(version)
	if m == nil {
		return "1.18"
	}
	language := m[1] + "." + m[2]
	if minor, _ := strconv.Atoi(m[2]); m[1] == "1" && minor < 21 {
		return language
	}
	return language + m[3]
}

type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type span struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

type location struct {
	URI   string `json:"uri"`
	Range span   `json:"range"`
}

// find returns the position just before the n-th occurrence of marker (from 0), in UTF-16 units as the protocol wants.
func (d document) find(marker string, n int) position {
	offset := 0
	for ; ; n-- {
		i := strings.Index(d.text[offset:], marker)
		if i < 0 {
			return position{}
		}
		offset += i
		if n == 0 {
			break
		}
		offset += len(marker)
	}
	return d.position(offset)
}

// position turns a byte offset into the protocol's line and column.
func (d document) position(offset int) position {
	before := d.text[:offset]
	line := strings.Count(before, "\n")
	column := before[strings.LastIndex(before, "\n")+1:]
	return position{line, len(utf16.Encode([]rune(column)))}
}

// uri names a file in the protocol's way; Windows paths get a leading slash.
func uri(path string) string {
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" && !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// pathOf is the reverse of uri; servers differ in how they write a drive letter.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return uri
	}
	path := u.Path
	if runtime.GOOS == "windows" {
		path = strings.TrimPrefix(path, "/")
	}
	return filepath.FromSlash(path)
}

// inside reports whether path lies under root, both seen without symbolic links.
func inside(path, root string) bool {
	if root == "" {
		return false
	}
	for _, p := range []*string{&path, &root} {
		if real, err := filepath.EvalSymlinks(*p); err == nil {
			*p = real
		}
	}
	relative, err := filepath.Rel(root, path)
	if err != nil {
		return false
	}
	return relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
}
