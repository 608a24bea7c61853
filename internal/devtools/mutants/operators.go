// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// tokens says by operator what each token becomes.
var tokens = map[string]map[token.Token]token.Token{
	"boundary": {token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR},
	"negation": {
		token.EQL: token.NEQ, token.NEQ: token.EQL,
		token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
	},
	"arithmetic": {token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL},
	"logical":    {token.LAND: token.LOR, token.LOR: token.LAND},
	"bitwise": {
		token.AND: token.OR, token.OR: token.AND, token.XOR: token.AND, token.AND_NOT: token.AND,
		token.SHL: token.SHR, token.SHR: token.SHL,
	},
	"assignment": {
		token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN, token.MUL_ASSIGN: token.QUO_ASSIGN,
		token.QUO_ASSIGN: token.MUL_ASSIGN, token.OR_ASSIGN: token.AND_ASSIGN, token.AND_ASSIGN: token.OR_ASSIGN,
	},
	"increment": {token.INC: token.DEC, token.DEC: token.INC},
	"loop":      {token.BREAK: token.CONTINUE, token.CONTINUE: token.BREAK},
}

// The order in which the operators above are tried.
var tokenOperators = []string{"boundary", "negation", "arithmetic", "logical", "bitwise", "assignment", "increment", "loop"}

// walk visits a declaration with the results of the function that each statement lies in. Each change is made
// once: what another operator's mutant of the same place does already is left out, and so is what could never
// compile.
func (f *finder) walk(n ast.Node) {
	f.done = map[ast.Node]bool{}
	var results []*ast.FieldList
	var stack []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			switch stack[len(stack)-1].(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				results = results[:len(results)-1]
			}
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.FuncDecl:
			results = append(results, n.Type.Results)
			f.last(n.Body)
		case *ast.FuncLit:
			results = append(results, n.Type.Results)
			f.last(n.Body)
		case *ast.ReturnStmt:
			f.returns(n, results[len(results)-1])
		default:
			f.node(n)
		}
		return true
	})
}

// last notes the statement that a function ends with: a return there cannot be left out.
func (f *finder) last(body *ast.BlockStmt) {
	if n := len(body.List); n > 0 {
		if r, ok := body.List[n-1].(*ast.ReturnStmt); ok {
			f.done[r] = true
		}
	}
}

// node applies the operators that need nothing but the node.
func (f *finder) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			f.replace("not", n, f.text(n.X), f.text(n.X))
		}
	case *ast.Ident:
		f.boolean(n)
	case *ast.BasicLit:
		f.literal(n)
	case *ast.IfStmt:
		f.header(n.Init)
		f.condition(n.Cond)
	case *ast.SwitchStmt:
		f.header(n.Init)
		f.cases(n)
	case *ast.AssignStmt:
		f.token(n.TokPos, n.Tok, false, f.text(n), func(op string) string { return f.text(n.Lhs[0]) + " " + op + " …" })
		if n.Tok != token.DEFINE && !f.done[n] {
			f.remove(n)
		}
	case *ast.IncDecStmt:
		f.token(n.TokPos, n.Tok, false, f.text(n), func(op string) string { return f.text(n.X) + op })
	case *ast.BranchStmt:
		if n.Label == nil {
			f.token(n.TokPos, n.Tok, false, n.Tok.String(), func(op string) string { return op })
		}
	case *ast.ForStmt:
		f.header(n.Init, n.Post)
		f.remove(n)
	case *ast.ExprStmt, *ast.RangeStmt:
		f.remove(n)
	}
}

// header notes statements that stand where no other statement may.
func (f *finder) header(statements ...ast.Stmt) {
	for _, s := range statements {
		f.done[s] = true
	}
}

// token replaces an operator's token by each one that some operator makes of it; negated is true where the
// whole comparison is turned into both truth values anyway.
func (f *finder) token(at token.Pos, tok token.Token, negated bool, before string, after func(string) string) {
	for _, operator := range tokenOperators {
		if to, ok := tokens[operator][tok]; ok && (operator != "negation" || !negated) {
			f.add(operator, at, at+token.Pos(len(tok.String())), to.String(), before, after(to.String()))
		}
	}
}

func (f *finder) binary(n *ast.BinaryExpr) {
	x, y := f.text(n.X), f.text(n.Y)
	if !f.isString(n) {
		f.token(n.OpPos, n.Op, f.done[n], f.text(n), func(op string) string { return x + " " + op + " " + y })
	}
	// The conjunct or disjunct that always agrees with the other one.
	switch n.Op {
	case token.LAND:
		f.add("operand", n.X.Pos(), n.X.End(), "(("+x+") || true)", f.text(n), y)
		f.add("operand", n.Y.Pos(), n.Y.End(), "(("+y+") || true)", f.text(n), x)
	case token.LOR:
		f.add("operand", n.X.Pos(), n.X.End(), "(("+x+") && false)", f.text(n), y)
		f.add("operand", n.Y.Pos(), n.Y.End(), "(("+y+") && false)", f.text(n), x)
	default:
	}
}

// isString reports whether the expression joins strings, which no other operator does.
func (f *finder) isString(n ast.Expr) bool {
	basic, ok := f.info.Types[n].Type.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// boolean turns the predeclared constants around.
func (f *finder) boolean(n *ast.Ident) {
	if f.done[n] {
		return
	}
	if _, ok := f.info.Uses[n].(*types.Const); !ok || f.info.Uses[n].Pkg() != nil {
		return
	}
	switch n.Name {
	case "true":
		f.replace("boolean", n, "false", "false")
	case "false":
		f.replace("boolean", n, "true", "true")
	}
}

// literal moves integers by one.
func (f *finder) literal(n *ast.BasicLit) {
	if n.Kind != token.INT {
		return
	}
	value, err := strconv.ParseInt(n.Value, 0, 64)
	if err != nil {
		return
	}
	for _, moved := range []int64{value + 1, value - 1} {
		if moved < 0 {
			continue // few things are counted below zero
		}
		text := strconv.FormatInt(moved, 10)
		f.replace("constant", n, "("+text+")", text)
	}
}

// condition makes a condition always hold and never hold. The condition is still evaluated, so that the mutant
// compiles whatever it uses.
func (f *finder) condition(n ast.Expr) {
	f.done[n] = true
	f.replace("condition", n, "("+f.text(n)+") || true", "true")
	f.replace("condition", n, "("+f.text(n)+") && false", "false")
}

// cases does the same to the conditions of a switch without a tag, and makes the cases of one with a tag
// never match.
func (f *finder) cases(n *ast.SwitchStmt) {
	for _, s := range n.Body.List {
		clause, ok := s.(*ast.CaseClause)
		if !ok {
			continue
		}
		for _, e := range clause.List {
			if n.Tag == nil {
				f.condition(e)
			}
		}
		if n.Tag != nil && clause.List != nil && len(clause.Body) > 0 {
			f.add("case", clause.Colon+1, clause.Colon+1, " break;", "case "+f.span(clause.List), "nothing is done")
		}
	}
}

// span is the source of a list of expressions.
func (f *finder) span(list []ast.Expr) string {
	return string(f.source[f.offset(list[0].Pos()):f.offset(list[len(list)-1].End())])
}

// remove leaves a statement out.
func (f *finder) remove(n ast.Node) {
	f.replace("removal", n, "if false { "+f.text(n)+" }", "nothing")
}

// returns leaves an early return out, and returns the zero value in place of each result.
func (f *finder) returns(n *ast.ReturnStmt, results *ast.FieldList) {
	if results == nil || !f.done[n] {
		f.remove(n)
	}
	if results == nil || len(n.Results) == 0 {
		return
	}
	var kinds []string
	for _, field := range results.List {
		for range max(1, len(field.Names)) {
			kinds = append(kinds, f.text(field.Type))
		}
	}
	if len(n.Results) != len(kinds) {
		var in, out strings.Builder
		for i, kind := range kinds {
			fmt.Fprintf(&in, "_ %s, ", kind)
			fmt.Fprintf(&out, "z%d %s, ", i, kind)
		}
		f.replace("zero", n.Results[0], "func("+in.String()+") ("+out.String()+") { return }("+f.text(n.Results[0])+")", "zero values")
		return
	}
	for i, e := range n.Results {
		if !f.isZero(e) {
			if id, ok := e.(*ast.Ident); ok {
				f.done[id] = true // the zero value of true is false
			}
			f.replace("zero", e, "func(_ "+kinds[i]+") (z "+kinds[i]+") { return }("+f.text(e)+")", "zero value")
		}
	}
}

// isZero reports whether an expression plainly is its type's zero value.
func (f *finder) isZero(e ast.Expr) bool {
	if literal, ok := e.(*ast.CompositeLit); ok {
		switch f.info.Types[e].Type.Underlying().(type) {
		case *types.Struct, *types.Array:
			return len(literal.Elts) == 0
		default:
			return false
		}
	}
	value := f.info.Types[e]
	if value.IsNil() {
		return true
	}
	if value.Value == nil {
		return false
	}
	switch value.Value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(value.Value)
	case constant.String:
		return constant.StringVal(value.Value) == ""
	default:
		return constant.Sign(value.Value) == 0
	}
}
