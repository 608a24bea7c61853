// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// BasePath is the path at and below which the control plane lies.
const BasePath = "/_control"

// DefaultBodyLimit is the largest request body, in bytes, unless the options
// say otherwise.
const DefaultBodyLimit = 1 << 20

// Options say what a [Plane] answers about, and to whom. World is required.
type Options struct {
	// World is the world that is asked about.
	World *state.World
	// Clock tells the instant of questions that name none; required.
	Clock func() time.Time
	// Token lets in whoever sends it, from anywhere, and nobody else; empty
	// lets in this machine and nobody else. See [CheckToken].
	Token string
	// PublicURL is the URL under which others reach the server; nil for
	// none. See [ParsePublicURL].
	PublicURL *url.URL
	// BodyLimit is the largest request body in bytes; zero is
	// [DefaultBodyLimit].
	BodyLimit int64
	// Logger receives one line for each request, without bodies, headers or
	// secrets, and faults of the control plane itself; nil discards them.
	Logger *slog.Logger
}

// Plane is the control plane of one world. It is safe for concurrent use and
// keeps nothing between requests.
type Plane struct {
	options Options
	guard   guard
	engine  *gin.Engine
}

// New returns a control plane. It takes no resources that would need closing.
func New(options Options) *Plane {
	if options.BodyLimit <= 0 {
		options.BodyLimit = DefaultBodyLimit
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	p := &Plane{options: options, guard: guard{public: options.PublicURL}, engine: gin.New()}
	if options.Token != "" {
		hash := sha256.Sum256([]byte(options.Token))
		p.guard.token = &hash
	}
	p.engine.HandleMethodNotAllowed = true
	p.engine.RedirectTrailingSlash = false
	p.engine.RedirectFixedPath = false
	p.engine.ContextWithFallback = true
	p.engine.ForwardedByClientIP = false
	p.engine.NoRoute(func(c *gin.Context) {
		writeFailure(c.Writer, fail(http.StatusNotFound, "the control plane has no such path: it has %s", strings.Join(paths(), ", ")))
	})
	p.engine.NoMethod(func(c *gin.Context) {
		writeFailure(c.Writer, fail(http.StatusMethodNotAllowed, "this path takes %s alone", c.Writer.Header().Get("Allow")))
	})
	p.engine.GET(BasePath, func(c *gin.Context) { write(c.Writer, http.StatusOK, index{Endpoints: endpoints}) })
	post(p, "/explain", p.explain)
	post(p, "/who-can", p.whoCan)
	post(p, "/what-can", p.whatCan)
	return p
}

// Endpoint is one path of the control plane.
type Endpoint struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	// About says what it answers.
	About string `json:"about"`
}

type index struct {
	Endpoints []Endpoint `json:"endpoints"`
}

var endpoints = []Endpoint{
	{http.MethodPost, BasePath + "/explain", "one decision with its whole trace, and the smallest grant that would have allowed it"},
	{http.MethodPost, BasePath + "/who-can", "who may do an operation on a target, and why"},
	{http.MethodPost, BasePath + "/what-can", "all that a credential may do"},
}

func paths() []string {
	var list []string
	for _, e := range endpoints {
		list = append(list, e.Path)
	}
	return append(list, BasePath)
}

// Handler returns the handler of everything at and below [BasePath].
func (p *Plane) Handler() http.Handler { return http.HandlerFunc(p.serve) }

// serve guards, answers and logs one request.
func (p *Plane) serve(w http.ResponseWriter, r *http.Request) {
	watched := &watcher{ResponseWriter: w}
	defer func() {
		if cause := recover(); cause != nil {
			if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it like this.
				panic(cause)
			}
			// The type alone: what a panic holds may come from the request.
			p.options.Logger.ErrorContext(r.Context(), "panic in the control plane",
				slog.String("panic", fmt.Sprintf("%T", cause)), slog.String("stack", string(debug.Stack())))
			if watched.status == 0 {
				writeFailure(watched, fail(http.StatusInternalServerError, "the control plane failed: the log says where"))
			}
		}
		p.options.Logger.InfoContext(r.Context(), "control",
			slog.String("method", r.Method), slog.String("path", shorten(r.URL.Path)), slog.Int("status", watched.status))
	}()
	if refused := p.guard.check(r); refused != nil {
		if refused.Status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		writeFailure(watched, refused)
		return
	}
	p.engine.ServeHTTP(watched, r)
}

// watcher notes the status of a reply.
type watcher struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes and sends the status.
func (w *watcher) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write sends bytes of the body.
func (w *watcher) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *watcher) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// post routes one question. answer runs in one view of the world.
func post[T any](p *Plane, path string, answer func(*question) (T, error)) {
	p.engine.POST(BasePath+path, func(c *gin.Context) {
		reply, err := ask(p, c.Request, answer)
		if err == nil {
			write(c.Writer, http.StatusOK, reply)
			return
		}
		refused, ok := errors.AsType[*RequestError](err)
		if !ok {
			p.options.Logger.ErrorContext(c.Request.Context(), "control request failed", slog.String("error", err.Error()))
			refused = fail(http.StatusInternalServerError, "the control plane failed: the log says why")
		}
		writeFailure(c.Writer, refused)
	})
}

// ask reads the body and answers in one view of the world.
func ask[T any](p *Plane, r *http.Request, answer func(*question) (T, error)) (T, error) {
	var reply T
	body, err := io.ReadAll(io.LimitReader(r.Body, p.options.BodyLimit+1))
	if err != nil {
		return reply, fail(http.StatusBadRequest, "the body could not be read to its end")
	}
	if int64(len(body)) > p.options.BodyLimit {
		return reply, fail(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", p.options.BodyLimit)
	}
	root, err := parse(body)
	if err != nil {
		return reply, &RequestError{Status: http.StatusBadRequest, Message: err.Error()}
	}
	err = p.options.World.View(func(tx *state.Tx) error {
		q := &question{tx: tx, problems: &problems{}, now: p.options.Clock(), peer: peerAddress(r)}
		q.root = q.problems.newObject("", root)
		var err error
		reply, err = answer(q)
		return err
	})
	return reply, err
}

// Endpoints lists the paths of the control plane. The slice is fresh.
func Endpoints() []Endpoint { return slices.Clone(endpoints) }
