package keys_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// A key that MAS would refuse at start is refused here, with the fix.
func Example() {
	_, err := keys.Parse(maskit.NewSecret("3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), maskit.Secret{})
	fmt.Println(err)
	// Output:
	// keys: check signing key: is base64 text, not a private key (fix: generate a key, such as openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 prints)
}

// A signing key is replaced in three steps. Between them the caller stores the
// ring, rolls it out to every MAS process, and waits.
func ExampleRotation() {
	oldKey, err := keys.Generate(keys.RSA)
	if err != nil {
		fmt.Println(err)
		return
	}
	newKey, err := keys.Generate(keys.RSA)
	if err != nil {
		fmt.Println(err)
		return
	}
	ring, err := keys.NewRing(keys.Entry{KID: "2025", Key: oldKey})
	if err != nil {
		fmt.Println(err)
		return
	}
	next := keys.Entry{KID: "2026", Key: newKey}
	rotation, err := keys.NewRotation(ring, next)
	if err != nil {
		fmt.Println(err)
		return
	}

	var pace keys.Pace
	for range 3 {
		step, err := rotation.Due(ring) // after an interruption, too
		if err != nil {
			fmt.Println(err)
			return
		}
		switch step {
		case keys.StepIntroduce:
			ring, err = rotation.Introduce(ring, next)
		case keys.StepSign:
			ring, err = rotation.Sign(ring)
		case keys.StepRetire:
			ring, err = rotation.Retire(ring)
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		signer, _ := ring.Signer("RS256")
		fmt.Printf("%s: %v, %s signs, wait %s\n", step, ring.IDs(), signer.ID(), pace.After(step).For)
	}
	// Output:
	// introduce: [2026 2025], 2025 signs, wait 24h0m0s
	// sign: [2025 2026], 2026 signs, wait 1h5m0s
	// retire: [2026], 2026 signs, wait 0s
}
