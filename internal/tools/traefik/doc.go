// Package traefik has tests only: Traefik's own code judges the rules that
// synapse/routes writes, and the types of Kubernetes and Gateway API its objects.
// They read the files that the tests of synapse/routes keep in testdata, so that this
// module, with all that Traefik needs, knows nothing of the rest.
package traefik
