package keycloak_test

import (
	"bufio"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mailbox takes all mail that is sent to its port.
type mailbox struct {
	port  int
	mails chan string
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	address, _ := listener.Addr().(*net.TCPAddr)
	box := &mailbox{port: address.Port, mails: make(chan string, 10)}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go box.receive(conn)
		}
	}()
	return box
}

// receive speaks as much of SMTP as it takes to be sent a mail.
func (b *mailbox) receive(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	lines := textproto.NewConn(conn)
	_ = lines.PrintfLine("220 localhost")
	for {
		line, err := lines.ReadLine()
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		switch verb {
		case "DATA":
			_ = lines.PrintfLine("354 go on")
			body, err := io.ReadAll(lines.DotReader())
			if err != nil {
				return
			}
			b.mails <- string(body)
		case "QUIT":
			_ = lines.PrintfLine("221 bye")
			return
		}
		_ = lines.PrintfLine("250 OK")
	}
}

// link waits for the next mail and returns the first link in it.
func (b *mailbox) link(t *testing.T) string {
	t.Helper()
	var text string
	select {
	case text = <-b.mails:
	case <-time.After(time.Minute):
		t.Fatal("no mail came")
	}
	words := bufio.NewScanner(strings.NewReader(plainText(t, text)))
	words.Split(bufio.ScanWords)
	for words.Scan() {
		if strings.HasPrefix(words.Text(), "http") {
			return words.Text()
		}
	}
	t.Fatal("no link in the mail")
	return ""
}

// plainText is the first part of a mail, decoded as that part says.
func plainText(t *testing.T, text string) string {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(text))
	require.NoError(t, err)
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	require.NoError(t, err)
	part, err := multipart.NewReader(message.Body, parameters["boundary"]).NextPart()
	require.NoError(t, err)
	body, err := io.ReadAll(part)
	require.NoError(t, err)
	return string(body)
}
