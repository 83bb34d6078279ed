package main

import (
	"fmt"

	"github.com/maskit-dev/maskit/upstream"
)

// readClaims reads the claims of a login: an object with id_token, userinfo and
// callback_parameters, or the claims of an ID token alone.
func (s settings) readClaims() (upstream.Claims, error) {
	name, data, err := load(s.claims, "claims.json", sampleClaims)
	if err != nil {
		return upstream.Claims{}, err
	}
	object, err := upstream.ParseClaims(data)
	if err != nil {
		return upstream.Claims{}, fmt.Errorf("%s: %w", name, err)
	}
	var claims upstream.Claims
	parts := map[string]*map[string]any{
		"id_token": &claims.IDToken, "userinfo": &claims.Userinfo, "callback_parameters": &claims.CallbackParameters,
	}
	for key := range object {
		if parts[key] == nil {
			return upstream.Claims{IDToken: object}, nil
		}
	}
	for key, part := range object {
		claimsOf, ok := part.(map[string]any)
		if !ok {
			return upstream.Claims{}, fmt.Errorf("%s: %s is not an object of claims", name, key)
		}
		*parts[key] = claimsOf
	}
	return claims, nil
}
