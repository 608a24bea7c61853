// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// announcement is the first line that the server prints with --json.
type announcement struct {
	BaseURL     string       `json:"base_url"`
	Credentials []credential `json:"credentials"`
}

// credential is one way into the server's world: a token's secret, or a user's Global API key with the
// e-mail address it goes with.
type credential struct {
	Ref   string `json:"ref"`
	Kind  string `json:"kind"`
	Email string `json:"email"`
	Value string `json:"value"`
}

// The kinds of credential that the demo uses.
const (
	kindUserToken = "user_token"
	kindGlobalKey = "global_key"
)

// find returns the credential of a kind under a ref of the world.
func (a announcement) find(kind, ref string) (credential, error) {
	for _, c := range a.Credentials {
		if c.Kind == kind && c.Ref == ref {
			return c, nil
		}
	}
	return credential{}, fmt.Errorf("the world has no %s with the ref %q", kind, ref)
}

// server is a running reference server.
type server struct {
	announcement

	process *os.Process
	log     string
	exited  chan error
}

const (
	startTimeout = 20 * time.Second
	stopTimeout  = 10 * time.Second
	pollInterval = 20 * time.Millisecond
)

// startServer runs the program and waits for its announcement. Its output goes to files below directory
// and not through this process, so that it can outlive it. Forwarded addresses of loopback peers are
// trusted, so that a row can come from another address.
func startServer(ctx context.Context, program, directory string) (*server, error) {
	output, err := os.Create(filepath.Join(directory, "server.out"))
	if err != nil {
		return nil, err
	}
	defer output.Close()
	log, err := os.Create(filepath.Join(directory, "server.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()

	// Not bound to the context: stop asks it to finish first.
	command := exec.Command(program, "--json", "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.0/8") //nolint:noctx // See above.
	command.Stdout, command.Stderr = output, log
	command.Dir = directory
	if err := command.Start(); err != nil {
		return nil, err
	}
	s := &server{process: command.Process, log: log.Name(), exited: make(chan error, 1)}
	go func() { s.exited <- command.Wait() }()
	s.announcement, err = s.awaitAnnouncement(ctx, output.Name())
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// awaitAnnouncement waits until the first line is complete.
func (s *server) awaitAnnouncement(ctx context.Context, path string) (announcement, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	for {
		content, err := os.ReadFile(path)
		if err != nil {
			return announcement{}, err
		}
		if line, _, complete := bytes.Cut(content, []byte("\n")); complete {
			return parseAnnouncement(line)
		}
		select {
		case <-ctx.Done():
			return announcement{}, fmt.Errorf("the server did not announce itself: %w", ctx.Err())
		case err := <-s.exited:
			s.exited <- err
			text, _ := os.ReadFile(s.log)
			return announcement{}, fmt.Errorf("the server stopped: %w\n%s", err, bytes.TrimSpace(text))
		case <-poll.C:
		}
	}
}

func parseAnnouncement(line []byte) (announcement, error) {
	var a announcement
	if err := json.Unmarshal(line, &a); err != nil {
		return announcement{}, fmt.Errorf("read the server's first line: %w", err)
	}
	if a.BaseURL == "" {
		return announcement{}, errors.New("the server's first line names no base_url")
	}
	return a, nil
}

// stop asks the server to finish, and ends it if it does not.
func (s *server) stop() error {
	// On a system without signals only the second way is left.
	if err := s.process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		_ = s.process.Kill()
	}
	select {
	case err := <-s.exited:
		s.exited <- err
		return nil
	case <-time.After(stopTimeout):
		return fmt.Errorf("the server did not stop within %s: %w", stopTimeout, s.process.Kill())
	}
}
