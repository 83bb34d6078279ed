// Package ext stands in for a module that Traefik's types of dynamic configuration
// embed and that is not published by itself. Here it adds nothing to them.
package ext

// HTTP is embedded in the HTTP configuration.
type HTTP struct{}

// Router is embedded in a router.
type Router struct{}
