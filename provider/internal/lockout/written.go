// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import "sync"

// written holds the values of switches that this run has sent last, by account or by [memberKey]. The zero
// value is empty and ready, and it is safe for concurrent use.
type written struct {
	mu   sync.Mutex
	last map[string]*bool
}

func (w *written) note(key string, value *bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last == nil {
		w.last = map[string]*bool{}
	}
	w.last[key] = value
}

// values are what a switch may be that was read: the value that was read, and the one that this run sent, if
// they differ. Either may be the newer one, since an API may lag behind and others write too.
func (g *Guard) values(key string, read *bool) []*bool {
	g.written.mu.Lock()
	defer g.written.mu.Unlock()
	if sent, ok := g.written.last[key]; ok && SettingOf(sent) != SettingOf(read) {
		return []*bool{read, sent}
	}
	return []*bool{read}
}

// memberKey names a member's switch among the values of a run.
func memberKey(accountID, memberID string) string { return accountID + "/" + memberID }
