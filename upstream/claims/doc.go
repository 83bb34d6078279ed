// Package claims says what becomes of the claims that an identity provider sends,
// and compiles it into the templates of MAS.
//
//	rules := claims.Rules{
//		Localpart: claims.Localpart{Action: mas.ImportRequire},
//		Email:     claims.Email{Trust: claims.TrustDirectory},
//	}
//	imports, problems := rules.Imports(claims.StandardSources())
//
// MAS renders claims with minijinja, and most mistakes show only when somebody logs
// in: a claim that is null renders as the text "none" and becomes the verified
// e-mail address "none", an unverified address counts as verified, and an odd
// character in a name ends in an error page. The templates made here were run in
// MAS 1.22 and hold up against missing, null and oddly typed claims. They are built
// from fixed parts; a string that is put into one is escaped.
//
// Everything but the subject is imported once, when the account is created. No
// setting keeps an account in sync with the provider (MAS 1.22).
//
// # Errors
//
// [Rules.Imports] returns every problem at once, with paths below "claims". Three
// of them are a matter of what the provider allows, and can be accepted by a
// [maskit.Ack]:
//
//   - "links-by-name": a new login whose name is taken gets the existing account,
//   - "account-takeover": the same, and different people can get the same name,
//   - "subject-mutable": people are told apart by a claim that can change or be passed on.
//
// # What it does not do
//
// It renders nothing, and a gate ([Require]) ends no session of people who lose a group.
package claims
