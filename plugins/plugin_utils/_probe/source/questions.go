package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func at(d document, p position) object {
	return object{"textDocument": object{"uri": uri(d.path)}, "position": p}
}

// inName moves a position that stands on the dot of a selector onto the name after it.
func inName(p position) position { return position{p.Line, p.Character + 1} }

// definition follows the name at p and demands that it lies under root.
func (e *examination) definition(d document, p position, root string) (string, interface{}, error) {
	var found []location
	if err := e.s.call(e.limit(), "textDocument/definition", at(d, inName(p)), &found); err != nil {
		return "", nil, err
	}
	if len(found) == 0 {
		return "", found, withReason("no definition found", e.s.complaint(d.path))
	}
	path := pathOf(found[0].URI)
	if _, err := os.Stat(path); err != nil {
		return "", found, fmt.Errorf("the definition's file cannot be read: %v", err)
	}
	if !inside(path, root) {
		return "", found, fmt.Errorf("the definition leads to %s, which is not under %s", path, root)
	}
	return fmt.Sprintf("%s:%d", path, found[0].Range.Start.Line+1), found, nil
}

func withReason(what, reason string) error {
	if reason == "" {
		return errors.New(what)
	}
	return errors.New(what + ": " + reason)
}

// question asks what an editor asks about a file that is right.
func (e *examination) question(d document) {
	println0 := d.find(".Println", 0)
	e.ask("definition", func() (string, interface{}, error) {
		return e.definition(d, println0, filepath.Join(e.c.GOROOT, "src", "fmt"))
	})
	e.ask("hover", func() (string, interface{}, error) {
		var hover struct {
			Contents struct{ Value string } `json:"contents"`
		}
		err := e.s.call(e.limit(), "textDocument/hover", at(d, inName(println0)), &hover)
		if err == nil && !strings.Contains(hover.Contents.Value, "func fmt.Println(") &&
			!strings.Contains(hover.Contents.Value, "func Println(") {
			err = errors.New("the hover text does not name fmt.Println")
		}
		return "func fmt.Println", hover.Contents.Value, err
	})
	e.ask("completion", func() (string, interface{}, error) { return e.completion(d, inName(println0)) })
	e.ask("references", func() (string, interface{}, error) {
		var found []location
		params := at(d, d.find("greet", 1))
		params["context"] = object{"includeDeclaration": true}
		err := e.s.call(e.limit(), "textDocument/references", params, &found)
		if err == nil && len(found) != 3 {
			err = fmt.Errorf("%d references instead of 3", len(found))
		}
		return fmt.Sprintf("%d references", len(found)), found, err
	})
	e.ask("formatting", func() (string, interface{}, error) {
		var edits []struct {
			Range   span   `json:"range"`
			NewText string `json:"newText"`
		}
		err := e.s.call(e.limit(), "textDocument/formatting", object{
			"textDocument": object{"uri": uri(d.path)},
			"options":      object{"tabSize": 8, "insertSpaces": false},
		}, &edits)
		if err == nil && len(edits) == 0 {
			err = errors.New("an unformatted line was not put right")
		}
		return fmt.Sprintf("%d edits", len(edits)), edits, err
	})
	e.ask("rename", func() (string, interface{}, error) {
		params := at(d, d.find("greet", 0))
		params["newName"] = "salute"
		var edit struct {
			Changes         map[string]json.RawMessage `json:"changes"`
			DocumentChanges []json.RawMessage          `json:"documentChanges"`
		}
		err := e.s.call(e.limit(), "textDocument/rename", params, &edit)
		if err == nil && len(edit.Changes)+len(edit.DocumentChanges) == 0 {
			err = errors.New("no edits proposed")
		}
		return "dry run", edit, err
	})
}

func (e *examination) completion(d document, p position) (string, interface{}, error) {
	var list struct {
		Items []struct {
			Label string `json:"label"`
		} `json:"items"`
	}
	if err := e.s.call(e.limit(), "textDocument/completion", at(d, p), &list); err != nil {
		return "", nil, err
	}
	labels := make([]string, 0, len(list.Items))
	found := false
	for _, item := range list.Items {
		labels = append(labels, item.Label)
		found = found || item.Label == "Println"
	}
	if !found {
		return "", labels, fmt.Errorf("Println is not among the %d proposals", len(labels))
	}
	return fmt.Sprintf("%d proposals", len(labels)), labels, nil
}
