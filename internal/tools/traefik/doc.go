// Package traefik has tests only: Traefik's own code judges the rules that
// synapse/routes writes, and the types of Kubernetes and Gateway API its objects.
// They read the files that the tests of synapse/routes keep in testdata, so that this
// module, with all that Traefik needs, knows nothing of the rest. The go command does
// not notice that files outside of a module changed, so run them with -count=1:
//
//	go -C internal/tools/traefik test -count=1 ./...
package traefik
