package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// visit asks in a workspace of the user's and writes nothing there: open a file,
// await its diagnostics, follow the first name that comes from an import.
func (e *examination) visit() {
	d, p, name, err := firstUse(e.c.Workspace)
	if err != nil {
		e.ask("workspace", func() (string, interface{}, error) { return "", nil, err })
		return
	}
	defer e.leave()
	if !e.begin(e.c.Workspace) {
		return
	}
	e.ask("open", func() (string, interface{}, error) { return d.path, nil, e.open(d) })
	e.ask("diagnostics", func() (string, interface{}, error) {
		found, err := e.s.await(d.path, e.limit(), func([]diagnostic) bool { return true })
		if err != nil {
			return "", nil, fmt.Errorf("%w: no diagnostics published: %s", err, e.s.trouble())
		}
		errorsFound := 0
		first := ""
		for _, one := range found {
			if one.Severity == 1 {
				errorsFound++
				if first == "" {
					first = fmt.Sprintf(" (%d:%d %s)", one.Range.Start.Line+1, one.Range.Start.Character+1, one.Message)
				}
			}
		}
		return fmt.Sprintf("%d errors, %d diagnostics%s", errorsFound, len(found), first), found, nil
	})
	if name == "" {
		return
	}
	e.ask("definition", func() (string, interface{}, error) {
		var found []location
		err := e.s.call(e.limit(), "textDocument/definition", at(d, p), &found)
		if err == nil && len(found) == 0 {
			err = fmt.Errorf("no definition found for %s", name)
		}
		if err != nil {
			return "", found, err
		}
		return fmt.Sprintf("%s: %s", name, pathOf(found[0].URI)), found, nil
	})
}

// firstUse finds a Go file with a name from an import, and where that name stands; a file without one will do.
func firstUse(root string) (document, position, string, error) {
	var fallback *document
	var best document
	var where position
	var name string
	seen := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		base := entry.Name()
		if entry.IsDir() {
			if path != root && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "vendor" ||
				base == "testdata" || base == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		if seen++; seen > 200 {
			return filepath.SkipAll
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		d := document{path, string(text)}
		if fallback == nil {
			fallback = &d
		}
		if where, name = selector(text); name != "" {
			best = d
			return filepath.SkipAll
		}
		return nil
	})
	if err == nil && name == "" && fallback == nil {
		err = errors.New("no Go file found there")
	}
	if name == "" && fallback != nil {
		best = *fallback
	}
	return best, where, name, err
}

// selector returns the first use pkg.Name of an imported package.
func selector(text []byte) (where position, name string) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", text, 0)
	if err != nil {
		return
	}
	imported := map[string]bool{}
	for _, i := range file.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		imported[path[strings.LastIndex(path, "/")+1:]] = i.Name == nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && name == "" {
			if x, ok := s.X.(*ast.Ident); ok && x.Obj == nil && imported[x.Name] {
				offset := files.Position(s.Sel.Pos()).Offset
				where = document{text: string(text)}.position(offset)
				name = x.Name + "." + s.Sel.Name
			}
		}
		return name == ""
	})
	return
}
