package main

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit/upstream"
)

// readClaims reads the claims of a login: an object with id_token, userinfo and
// callback_parameters, or the claims of an ID token alone.
func (s settings) readClaims() (upstream.Claims, error) {
	name, data, err := sample{"-claims", "claims.json", sampleClaims}.load(s.claims)
	if err != nil {
		return upstream.Claims{}, err
	}
	object, err := upstream.ParseClaims(data)
	if err != nil {
		return upstream.Claims{}, fmt.Errorf("%s: %w", name, err)
	}
	claims, err := sorted(object)
	if err != nil {
		return upstream.Claims{}, fmt.Errorf("%s: %w", name, err)
	}
	return claims, nil
}

// sorted says which part of a login has which claims.
func sorted(object map[string]any) (upstream.Claims, error) {
	var claims upstream.Claims
	parts := map[string]*map[string]any{
		"id_token": &claims.IDToken, "userinfo": &claims.Userinfo, "callback_parameters": &claims.CallbackParameters,
	}
	var others []string
	isToken := true
	for key, part := range object {
		_, isObject := part.(map[string]any)
		if parts[key] == nil {
			others = append(others, key)
		} else if isObject {
			isToken = false
		}
	}
	if len(others) > 0 && isToken {
		return upstream.Claims{IDToken: object}, nil
	}
	if len(others) > 0 {
		slices.Sort(others)
		return upstream.Claims{}, fmt.Errorf("%q stands beside id_token, userinfo or callback_parameters, and is none of them", others)
	}
	for key, part := range object {
		claimsOf, ok := part.(map[string]any)
		if !ok {
			return upstream.Claims{}, fmt.Errorf("%s is not an object of claims", key)
		}
		*parts[key] = claimsOf
	}
	return claims, nil
}
