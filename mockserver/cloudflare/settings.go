// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"bytes"
	"encoding/json"
	"maps"
	"strconv"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// settingView is a setting on the wire.
type settingView struct {
	ID         string          `json:"id"`
	Value      json.RawMessage `json:"value"`
	ModifiedOn *instant        `json:"modified_on"`
	Editable   bool            `json:"editable"`
}

func viewSetting(z *state.Zone, s *state.ZoneSetting) settingView {
	v := settingView{ID: s.ID, Value: json.RawMessage(s.Default), Editable: !s.Fixed}
	if stored, ok := z.Settings[s.ID]; ok {
		v.Value = stored
	}
	v.ModifiedOn = optionalInstant(z.SettingsModifiedOn[s.ID])
	return v
}

func viewSettings(z *state.Zone) []settingView {
	settings := state.ZoneSettings()
	views := make([]settingView, 0, len(settings))
	for i := range settings {
		views = append(views, viewSetting(z, &settings[i]))
	}
	return views
}

func listSettings(x *exchange) (*reply, error) {
	return result(viewSettings(x.tx.ZoneByID(x.zone()))), nil
}

func getSetting(x *exchange) (*reply, error) {
	s, ok := state.FindZoneSetting(x.param("setting_id"))
	if !ok {
		return nil, errNotFound.refuse("zone setting")
	}
	return result(viewSetting(x.tx.ZoneByID(x.zone()), &s)), nil
}

// settingInput is a new value of one setting.
type settingInput struct {
	id    string
	value value
	sent  bool
}

func readSetting(o *object) settingInput {
	o.ignore("modified_on", "editable", "time_remaining", "certificate_status")
	in := settingInput{id: o.text("id")}
	in.value, in.sent = o.get("value")
	if !in.sent {
		o.fault("value", "is required")
	}
	return in
}

func readSettings(o *object) []settingInput {
	items := o.objects("items")
	if len(items) == 0 {
		o.fault("items", "must hold at least one setting")
	}
	list := make([]settingInput, 0, len(items))
	for _, item := range items {
		list = append(list, readSetting(item))
		item.end()
	}
	return list
}

func editSetting(x *exchange, in settingInput) (*reply, error) {
	s, ok := state.FindZoneSetting(x.param("setting_id"))
	if !ok {
		return nil, errNotFound.refuse("zone setting")
	}
	if in.id != "" && in.id != s.ID {
		return nil, invalid("/id", "/id: is not the setting in the path")
	}
	in.id = s.ID
	z, err := x.storeSettings([]settingInput{in})
	if err != nil {
		return nil, err
	}
	return result(viewSetting(z, &s)), nil
}

func editSettings(x *exchange, in []settingInput) (*reply, error) {
	z, err := x.storeSettings(in)
	if err != nil {
		return nil, err
	}
	return result(viewSettings(z)), nil
}

// storeSettings checks all values before it stores any. A setting that is
// given the value it has is not modified.
func (x *exchange) storeSettings(list []settingInput) (*state.Zone, error) {
	z := *x.tx.ZoneByID(x.zone())
	z.Settings, z.SettingsModifiedOn = cloneMap(z.Settings, len(list)), cloneMap(z.SettingsModifiedOn, len(list))
	var problems []problem
	seen := make(map[string]bool, len(list))
	for _, in := range list {
		s, known := state.FindZoneSetting(in.id)
		value := in.value.json()
		var message string
		switch {
		case !known:
			message = "no zone setting has the id " + strconv.Quote(in.id)
		case seen[in.id]:
			message = strconv.Quote(in.id) + " stands twice"
		case s.Fixed:
			message = "cannot be changed"
		default:
			message = s.Problem(value)
		}
		seen[in.id] = true
		if message != "" {
			problems = append(problems, problem{pointer: in.value.pointer(), message: in.value.pointer() + ": " + message})
			continue
		}
		if !bytes.Equal(viewSetting(&z, &s).Value, value) {
			z.Settings[in.id], z.SettingsModifiedOn[in.id] = value, x.now
		}
	}
	if len(problems) > 0 {
		return nil, refuseProblems(problems)
	}
	z.ModifiedOn = x.now
	if err := x.tx.PutZone(&z); err != nil {
		return nil, err
	}
	return &z, nil
}

// cloneMap copies a map, which may be nil, to add up to n entries to.
func cloneMap[V any](m map[string]V, n int) map[string]V {
	c := make(map[string]V, len(m)+n)
	maps.Copy(c, m)
	return c
}
