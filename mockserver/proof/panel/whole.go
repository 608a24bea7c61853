// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package panel

import "github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"

// Whole makes an evaluator of a function that judges whole scenes.
func Whole(name string, judge func(*scene.Scene) (scene.Verdict, error)) Evaluator {
	return &whole{name: name, judge: judge}
}

type whole struct {
	name  string
	judge func(*scene.Scene) (scene.Verdict, error)
	scene scene.Scene
}

// Name implements [Evaluator].
func (w *whole) Name() string { return w.name }

// World implements [Evaluator].
func (w *whole) World(world *scene.World) (World, error) { return wholeWorld{w, world}, nil }

type wholeWorld struct {
	*whole
	world *scene.World
}

// Credential implements [World].
func (w wholeWorld) Credential(c *scene.Credential) (Credential, error) {
	return wholeCredential{w, c}, nil
}

type wholeCredential struct {
	wholeWorld
	credential *scene.Credential
}

// Judge implements [Credential].
func (w wholeCredential) Judge(r *scene.Request) (scene.Verdict, error) {
	w.scene = scene.Scene{World: *w.world, Credential: w.credential, Request: *r}
	return w.judge(&w.scene)
}
