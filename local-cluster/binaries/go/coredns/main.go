// CoreDNS with only the plugins that a cluster's DNS needs. The stock command
// links the SDK of every cloud provider, which takes minutes to compile.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/ready"
)

func init() {
	// A request passes the plugins in this order.
	dnsserver.Directives = []string{
		"bind", "health", "ready", "errors", "loadbalance", "cache", "kubernetes", "forward",
	}
}

func main() { coremain.Run() }
