// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxSize is the largest seed in bytes.
const maxSize = 32 << 20

// maxDepth is how deep a seed nests at most.
const maxDepth = 64

// kind tells the forms of a node apart.
type kind uint8

const (
	scalar kind = iota
	list
	object
)

// node is a value of a seed, from JSON or YAML alike.
type node struct {
	kind kind
	line int
	// text is a scalar as written, without quotes and escapes.
	text string
	// plain is true for scalars without quotes, which may mean something
	// other than their text: null, true, false or a number.
	plain  bool
	items  []*node
	fields []field
}

// field is an entry of an object.
type field struct {
	key   string
	line  int
	value *node
}

// get returns the value of a key, nil when it is absent.
func (n *node) get(key string) *node {
	for i := range n.fields {
		if n.fields[i].key == key {
			return n.fields[i].value
		}
	}
	return nil
}

// isNull reports whether the scalar is YAML's null (JSON's among its forms).
func (n *node) isNull() bool {
	return n.kind == scalar && n.plain && (n.text == "" || n.text == "~" || n.text == "null")
}

// parse reads a document. What is valid JSON is read as JSON, because YAML
// reads some of JSON's escapes otherwise.
func parse(data []byte) (*node, *Problem) {
	switch {
	case len(data) > maxSize:
		return nil, &Problem{Message: fmt.Sprintf("the seed is larger than %d MiB", maxSize>>20)}
	case json.Valid(data):
		return parseJSON(data)
	default:
		return parseYAML(data)
	}
}

// fault is a problem on the way through a document.
type fault struct {
	line    int
	message string
}

func (f *fault) Error() string { return f.message }

func (f *fault) problem() *Problem { return &Problem{Line: f.line, Message: f.message} }

func parseYAML(data []byte) (*node, *Problem) {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, &Problem{Message: err.Error()}
	}
	var document yaml.Node
	if err := loader.Load(&document); errors.Is(err, io.EOF) {
		return &node{kind: object, line: 1}, nil
	} else if err != nil {
		return nil, yamlProblem(err)
	}
	var second yaml.Node
	if err := loader.Load(&second); err == nil {
		return nil, &Problem{Line: second.Line, Message: "a seed is one document: nothing may follow a further \"---\""}
	} else if !errors.Is(err, io.EOF) {
		return nil, yamlProblem(err)
	}
	root := &document
	for root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	n, f := fromYAML(root, 0)
	if f != nil {
		return nil, f.problem()
	}
	if n.isNull() {
		return &node{kind: object, line: 1}, nil
	}
	return n, nil
}

// yamlProblem turns a syntax error into a problem with its line.
func yamlProblem(err error) *Problem {
	if at, ok := errors.AsType[*yaml.LoadError](err); ok {
		return &Problem{Line: at.Mark.Line, Message: "not YAML: " + at.Message}
	}
	return &Problem{Message: "not YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}
}

func fromYAML(y *yaml.Node, depth int) (*node, *fault) {
	switch {
	case depth > maxDepth:
		return nil, &fault{y.Line, fmt.Sprintf("a seed nests at most %d deep", maxDepth)}
	case y.Anchor != "" || y.Kind == yaml.AliasNode:
		return nil, &fault{y.Line, "anchors and aliases are not part of a seed: write the value out"}
	case y.Style&yaml.TaggedStyle != 0:
		return nil, &fault{y.Line, fmt.Sprintf("tags such as %q are not part of a seed", y.Tag)}
	}
	n := &node{line: y.Line}
	switch y.Kind {
	case yaml.ScalarNode:
		n.text = y.Value
		n.plain = y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	case yaml.SequenceNode:
		n.kind = list
		for _, content := range y.Content {
			item, f := fromYAML(content, depth+1)
			if f != nil {
				return nil, f
			}
			n.items = append(n.items, item)
		}
	case yaml.MappingNode:
		n.kind = object
		seen := make(map[string]int, len(y.Content)/2)
		for pair := range slices.Chunk(y.Content, 2) {
			key, f := fromYAML(pair[0], depth+1)
			if f != nil {
				return nil, f
			}
			if key.kind != scalar {
				return nil, &fault{key.line, "a key must be text"}
			}
			value, f := fromYAML(pair[1], depth+1)
			if f != nil {
				return nil, f
			}
			if err := n.addField(seen, field{key.text, key.line, value}); err != nil {
				return nil, err
			}
		}
	default:
		return nil, &fault{y.Line, "not a value"}
	}
	return n, nil
}

// addField appends a field; equal keys twice are refused.
func (n *node) addField(seen map[string]int, f field) *fault {
	if line, twice := seen[f.key]; twice {
		return &fault{f.line, fmt.Sprintf("the key %q stands twice: it is on line %d already", f.key, line)}
	}
	seen[f.key] = f.line
	n.fields = append(n.fields, f)
	return nil
}

// jsonReader walks valid JSON and keeps count of lines.
type jsonReader struct {
	decoder *json.Decoder
	data    []byte
	offset  int64
	line    int
}

func parseJSON(data []byte) (*node, *Problem) {
	r := &jsonReader{decoder: json.NewDecoder(bytes.NewReader(data)), data: data, line: 1}
	r.decoder.UseNumber()
	token, f := r.token()
	if f != nil {
		return nil, f.problem()
	}
	n, f := r.value(token, 0)
	if f != nil {
		return nil, f.problem()
	}
	return n, nil
}

// token reads the next token and moves line to where it ends, which is where
// it stands: no JSON token spans lines.
func (r *jsonReader) token() (json.Token, *fault) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, &fault{r.line, "not JSON: " + err.Error()}
	}
	end := r.decoder.InputOffset()
	r.line += bytes.Count(r.data[r.offset:end], []byte{'\n'})
	r.offset = end
	return token, nil
}

func (r *jsonReader) value(token json.Token, depth int) (*node, *fault) {
	if depth > maxDepth {
		return nil, &fault{r.line, fmt.Sprintf("a seed nests at most %d deep", maxDepth)}
	}
	n := &node{line: r.line}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			n.kind = object
			return n, r.objectFields(n, depth)
		}
		n.kind = list
		return n, r.listItems(n, depth)
	case string:
		n.text = v
	case json.Number:
		n.text, n.plain = v.String(), true
	case bool:
		n.text, n.plain = strconv.FormatBool(v), true
	default:
		n.text, n.plain = "null", true
	}
	return n, nil
}

func (r *jsonReader) objectFields(n *node, depth int) *fault {
	seen := make(map[string]int)
	for r.decoder.More() {
		token, f := r.token()
		if f != nil {
			return f
		}
		key, line := fmt.Sprint(token), r.line
		if token, f = r.token(); f != nil {
			return f
		}
		value, f := r.value(token, depth+1)
		if f != nil {
			return f
		}
		if f := n.addField(seen, field{key, line, value}); f != nil {
			return f
		}
	}
	_, f := r.token()
	return f
}

func (r *jsonReader) listItems(n *node, depth int) *fault {
	for r.decoder.More() {
		token, f := r.token()
		if f != nil {
			return f
		}
		item, f := r.value(token, depth+1)
		if f != nil {
			return f
		}
		n.items = append(n.items, item)
	}
	_, f := r.token()
	return f
}
