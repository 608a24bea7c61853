// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shell reads names of files from descriptor 3, runs each as if it had been typed, and writes how it ended to
// descriptor 4. What was exported, where it is and what runs in the background stay from one to the next. It
// outlives the signal that ends what it runs, so that it can wait for that.
const shell = `trap : TERM
while IFS= read -r -u 3 typed; do
  . "$typed" <"$typed.answers" 3<&- 4>&-
  echo "$?" >&4
done
wait`

// terminal is a shell in which commands are typed one after the other, as a reader of a page does.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	dir    string // of what is typed and what is printed
	typed  int
	feed   *os.File
	ended  chan string // exit statuses
	screen *os.File
	// address is what stands for the default address of the server in what is typed, once there is a server.
	address string
	servers []string
}

// defaultAddress is where the server listens unless it is told otherwise, and where pages look for it. In the
// stories it listens on a free port, since something else may be at that one; ACCESSCONTROL_SERVER_LISTEN tells
// it so, and what is typed has the address that it then prints. Nothing else in the text of a page is replaced.
const defaultAddress = "127.0.0.1:8787"

// terminal opens one in a directory. Whatever runs in it ends with the test at the latest.
func (b *book) terminal(t *testing.T, directory string) *terminal {
	t.Helper()
	term := &terminal{t: t, dir: t.TempDir(), ended: make(chan string)}
	var err error
	// A file takes what is printed at once, a pipe would have to be read first.
	term.screen, err = os.OpenFile(filepath.Join(term.dir, "screen"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	commands, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	statuses, report, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	term.feed = feed
	bash, ok := locate("bash")
	if !ok {
		t.Fatal("bash is not installed")
	}
	term.cmd = exec.Command(bash, "--noprofile", "--norc", "-c", shell)
	term.cmd.Dir, term.cmd.Env = directory, b.env
	term.cmd.Stdout, term.cmd.Stderr = term.screen, term.screen
	term.cmd.ExtraFiles = []*os.File{commands, report}
	term.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := term.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = commands.Close()
	_ = report.Close()
	go func() {
		defer close(term.ended)
		for lines := bufio.NewScanner(statuses); lines.Scan(); {
			term.ended <- lines.Text()
		}
		_ = statuses.Close()
	}()
	t.Cleanup(term.close)
	return term
}

// enter hands a command to the shell, and returns where on the screen its output begins.
func (term *terminal) enter(text, answers string) (from int) {
	term.t.Helper()
	from = term.shown()
	term.typed++
	path := filepath.Join(term.dir, fmt.Sprintf("typed-%d", term.typed))
	if term.address != "" {
		text = strings.ReplaceAll(text, defaultAddress, term.address)
	}
	write(term.t, path, []byte(text))
	write(term.t, path+".answers", []byte(answers))
	if _, err := fmt.Fprintln(term.feed, path); err != nil {
		term.t.Fatal(err)
	}
	return from
}

// try runs a command to its end. Answers are what the reader types while it runs, "" for nothing.
func (term *terminal) try(c *command, answers string) (output string, ok bool) {
	term.t.Helper()
	c.accounted = true
	from := term.enter(c.text, answers)
	select {
	case status, open := <-term.ended:
		if !open {
			term.t.Fatalf("%s: the shell ended at: %s\n%s", c.where, c.text, term.printed(from))
		}
		return term.printed(from), status == "0"
	case <-time.After(patience):
		term.t.Fatalf("%s: did not end: %s\n%s", c.where, c.text, term.printed(from))
		return "", false
	}
}

// follow runs commands, each to its end, and returns what the last one printed.
func (term *terminal) follow(commands ...*command) (output string) {
	term.t.Helper()
	for _, c := range commands {
		var ok bool
		if output, ok = term.try(c, ""); !ok {
			term.t.Fatalf("%s: failed: %s\n%s", c.where, c.text, output)
		}
	}
	return output
}

// approve runs a command that asks before it does something, and says yes.
func (term *terminal) approve(c *command) (output string) {
	term.t.Helper()
	output, ok := term.try(c, "yes\n")
	if !ok || !strings.Contains(output, "Enter a value:") {
		term.t.Fatalf("%s: failed, or did not ask: %s\n%s", c.where, c.text, output)
	}
	return output
}

// own is what the story types by itself, where a page leaves something to its reader.
func own(format string, args ...any) *command {
	return &command{where: "the story", text: fmt.Sprintf(format, args...) + "\n"}
}

// leave types a command that runs until the terminal is closed: a server. It returns once the server has said
// where it is.
func (term *terminal) leave(c *command) (base string) {
	term.t.Helper()
	c.accounted = true
	return term.announced(c, term.enter(c.text, ""))
}

// base is where a server prints that its API is.
var base = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)/client/v4`)

// announced waits until a server has printed where it is, and has this terminal go by that address. A command that
// ends before it has done so is no server.
func (term *terminal) announced(c *command, from int) string {
	term.t.Helper()
	eventually(term.t, "the server says where it is, after: "+c.text, func() bool {
		if base.MatchString(term.printed(from)) {
			return true
		}
		select {
		case status := <-term.ended:
			term.t.Fatalf("%s: ended with %s, and was to go on: %s\n%s", c.where, status, c.text, term.printed(from))
		default:
		}
		return false
	}, func() string { return term.printed(from) })
	found := base.FindStringSubmatch(term.printed(from))
	term.address = found[1]
	term.servers = append(term.servers, found[1])
	return found[0]
}

// shown is how much is on the screen: where what comes next begins.
func (term *terminal) shown() int {
	term.t.Helper()
	info, err := term.screen.Stat()
	if err != nil {
		term.t.Fatal(err)
	}
	return int(info.Size())
}

// colour is an escape sequence that sets a colour, or ends it.
var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// printed is what the screen shows from a place on, without colours.
func (term *terminal) printed(from int) string {
	term.t.Helper()
	text, err := os.ReadFile(term.screen.Name())
	if err != nil {
		term.t.Fatal(err)
	}
	return colour.ReplaceAllLiteralString(string(text[min(from, len(text)):]), "")
}

// close ends what runs in the terminal, as closing its window would, and then the shell. It may be called twice.
func (term *terminal) close() {
	term.t.Helper()
	if term.feed == nil {
		return
	}
	_ = syscall.Kill(-term.cmd.Process.Pid, syscall.SIGTERM)
	_ = term.feed.Close()
	term.feed = nil
	over := make(chan struct{})
	go func() {
		defer close(over)
		for range term.ended { // what is still reported says nothing any more
		}
		_ = term.cmd.Wait() // it is told to end
	}()
	select {
	case <-over:
	case <-time.After(grace):
		term.t.Error("the shell did not end when it was told to")
		_ = syscall.Kill(-term.cmd.Process.Pid, syscall.SIGKILL)
		<-over
	}
	_ = term.screen.Close()
	for _, address := range term.servers {
		if !gone(address) {
			term.t.Errorf("the server at %s goes on when its terminal is closed", address)
			_ = syscall.Kill(-term.cmd.Process.Pid, syscall.SIGKILL)
		}
	}
}

// gone waits until nothing listens at an address, for a while.
func gone(address string) bool {
	for deadline := time.Now().Add(grace); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		connection, err := net.DialTimeout("tcp", address, grace)
		if err != nil {
			return true
		}
		_ = connection.Close()
	}
	return false
}

// listens notes a server that a page started in the background, by its base URL.
func (term *terminal) listens(baseURL string) {
	term.t.Helper()
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" {
		term.t.Fatalf("%q is no base URL: %v", baseURL, err)
	}
	term.servers = append(term.servers, u.Host)
}
