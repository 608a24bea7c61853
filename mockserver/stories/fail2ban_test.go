// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// attacker is the address that is banned.
const attacker = "198.51.100.7"

// jail is a running fail2ban with one jail, called web, whose bans one of the shipped actions carries out.
type jail struct {
	*machine
	log string // where fail2ban and its actions report
}

// newJail starts fail2ban with an action, as jail.local would name it.
func newJail(t *testing.T, s *mocktest.Server, action string, secrets ...string) *jail {
	t.Helper()
	needs(t, "fail2ban-server", "fail2ban-client", "curl",
		"/etc/fail2ban/action.d/cloudflare.conf", "/etc/fail2ban/action.d/cloudflare-token.conf")
	m := newMachine(t, newNetwork(t, s), secrets...)
	j := &jail{machine: m, log: m.path("fail2ban.log")}
	// The shipped actions as they are, and nothing else of the system's configuration.
	if err := os.Mkdir(m.path("etc"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/fail2ban/action.d", m.path("etc", "action.d")); err != nil {
		t.Fatal(err)
	}
	write(t, m.path("web.log"), nil)
	write(t, m.path("etc", "filter.d", "web.conf"), []byte("[Definition]\nfailregex = failed login from <HOST>\n"))
	write(t, m.path("etc", "fail2ban.conf"), fmt.Appendf(nil, `[Definition]
loglevel = DEBUG
logtarget = %s
syslogsocket = auto
socket = %s
pidfile = %s
dbfile = None
`, j.log, m.path("socket"), m.path("pid")))
	write(t, m.path("etc", "jail.conf"), fmt.Appendf(nil, `[web]
enabled = true
filter = web
backend = polling
logpath = %s
bantime = 1h
action = %s
`, m.path("web.log"), action))
	out := m.background("fail2ban-server", "-c", m.path("etc"), "-f", "-x", "start")
	eventually(t, "fail2ban is up", func() bool {
		reply, ok := m.run("fail2ban-client", "-c", m.path("etc"), "status", "web")
		return ok && strings.Contains(reply, "Status for the jail")
	}, func() string { return out.String() + j.reports() })
	return j
}

// tell makes the jail ban or unban the attacker, and waits until fail2ban has carried it out: it reports the
// end of an action's command.
func (j *jail) tell(what, reported string) {
	j.t.Helper()
	if output, ok := j.run("fail2ban-client", "-c", j.path("etc"), "set", "web", what, attacker); !ok {
		j.t.Fatalf("fail2ban-client set web %s: %s", what, output)
	}
	eventually(j.t, what+" is carried out", func() bool {
		_, after, found := strings.Cut(j.reports(), reported+" "+attacker)
		return found && strings.Contains(after, "returned successfully")
	}, j.reports)
}

func (j *jail) ban()   { j.t.Helper(); j.tell("banip", "] Ban") }
func (j *jail) unban() { j.t.Helper(); j.tell("unbanip", "] Unban") }

// reports is what fail2ban wrote to its log.
func (j *jail) reports() string {
	text, err := os.ReadFile(j.log)
	if err != nil {
		return "" // not yet
	}
	return j.secrets.Replace(string(text))
}

// rule is what the stories look at in an access rule.
type rule struct {
	Mode          string `json:"mode"`
	Notes         string `json:"notes"`
	Configuration struct {
		Target string `json:"target"`
		Value  string `json:"value"`
	} `json:"configuration"`
}

// blocks fails the test unless the rules are one that blocks the attacker, or none.
func blocks(t *testing.T, when string, rules []rule, want bool, notes string) {
	t.Helper()
	var expected []rule
	if want {
		r := rule{Mode: "block", Notes: notes}
		r.Configuration.Target, r.Configuration.Value = "ip", attacker
		expected = []rule{r}
	}
	if fmt.Sprint(rules) != fmt.Sprint(expected) {
		t.Errorf("%s, the access rules are %+v, want %+v", when, rules, expected)
	}
}

// withToken is the action cloudflare-token on a zone. The notes that it would write by itself hold a space,
// which it then puts into a URL as it is, where curl refuses it: such a ban is never lifted.
func withToken(s *mocktest.Server) (action, secret string) {
	token := s.Credential(program).Value
	return fmt.Sprintf("cloudflare-token[cfzone=%s, cftoken=%s, notes=fail2ban-web]", s.ID("zone:example.com"), token), token
}

// TestStoryFail2banToken: the action for tokens bans and unbans in a zone, with the one grant it needs.
func TestStoryFail2banToken(t *testing.T) {
	t.Parallel()
	s := start(t, writesFirewall)
	rules := "/zones/" + s.ID("zone:example.com") + "/firewall/access_rules/rules"
	action, token := withToken(s)
	j := newJail(t, s, action, token)
	blocks(t, "before", list[rule](t, s, rules), false, "")
	j.ban()
	blocks(t, "after the ban", list[rule](t, s, rules), true, "fail2ban-web")
	j.unban()
	blocks(t, "after it was lifted", list[rule](t, s, rules), false, "")
	nothingRefused(t, s)
	if n := len(s.Journal(mocktest.Writes, mocktest.By(program))); n != 2 {
		t.Errorf("fail2ban sent %d writes, want one to ban and one to unban", n)
	}
}

// TestStoryFail2banTokenLacksItsGrant: curl does not mind an error, so fail2ban believes that it banned; what
// the server says is in its log at the level of debugging.
func TestStoryFail2banTokenLacksItsGrant(t *testing.T) {
	t.Parallel()
	s := start(t, strings.Replace(writesFirewall, "Write", "Read", 1))
	action, token := withToken(s)
	j := newJail(t, s, action, token)
	j.ban()
	refusalNames(t, s, `"Firewall Services Write"`)
	says(t, j.reports(), `no_matching_grant: `, `Firewall Services Write`)
	blocks(t, "after the refused ban", list[rule](t, s, "/zones/"+s.ID("zone:example.com")+"/firewall/access_rules/rules"), false, "")
}

// withKey is the action cloudflare with a user's Global key.
func withKey(email, key string) string {
	return fmt.Sprintf("cloudflare[cfuser=%s, cftoken=%s]", email, key)
}

// userRules lists the access rules of a user, which the Global key alone shows.
func userRules(t *testing.T, s *mocktest.Server, user string) []rule {
	t.Helper()
	status, reply := s.Do(user, "GET", "/user/firewall/access_rules/rules", nil)
	var rules []rule
	if err := reply.Decode(&rules); status != 200 || err != nil {
		t.Fatalf("access rules of %s: %d %v %v", user, status, reply.Errors, err)
	}
	return rules
}

// TestStoryFail2banKey: the older action bans and unbans for all zones of the user with the Global key.
func TestStoryFail2banKey(t *testing.T) {
	t.Parallel()
	s := start(t, readsZone)
	owner := s.CredentialOf(mocktest.GlobalKey, "owner")
	j := newJail(t, s, withKey(owner.Email, owner.Value), owner.Value)
	blocks(t, "before", userRules(t, s, "owner"), false, "")
	j.ban()
	blocks(t, "after the ban", userRules(t, s, "owner"), true, "Fail2Ban web")
	blocks(t, "after the ban, for the neighbour", userRules(t, s, "neighbour"), false, "")
	j.unban()
	blocks(t, "after it was lifted", userRules(t, s, "owner"), false, "")
	nothingRefused(t, s)
}

// TestStoryFail2banKeyOfAnother: a Global key has no grants that it could lack, and its action throws every
// reply away. A wrong key bans nothing, and so does any token: the rules of a user are for keys alone.
func TestStoryFail2banKeyOfAnother(t *testing.T) {
	t.Parallel()
	s := start(t, writesFirewall)
	neighbour := s.CredentialOf(mocktest.GlobalKey, "neighbour")
	j := newJail(t, s, withKey("owner@example.com", neighbour.Value), neighbour.Value)
	j.ban()
	refused := s.Journal(mocktest.Refused, s.Requests("POST", "/user/firewall/access_rules/rules"))
	if len(refused) != 1 || refused[0].Reason != "credential_unknown" {
		t.Errorf("refused %+v, want one ban with a key that is not the user's", refused)
	}
	body := map[string]any{"mode": "block", "configuration": map[string]any{"target": "ip", "value": attacker}}
	status, reply := s.Do(program, "POST", "/user/firewall/access_rules/rules", body)
	if status != 403 || len(reply.Errors) == 0 || len(reply.Errors[0].Chain) == 0 {
		t.Fatalf("a token on the rules of a user: %d %v, want a refusal that explains itself", status, reply.Errors)
	}
	says(t, reply.Errors[0].Chain[0].Message, "no_matching_grant: ", "Global API key")
	for _, user := range []string{"owner", "neighbour"} {
		blocks(t, "after the refused bans, for "+user, userRules(t, s, user), false, "")
	}
}
