// metrics-server with the OpenAPI definitions of Kubernetes itself. Those that
// its own command brings along do not compile against this Kubernetes version,
// and the pinned version saves compiling client-go and the API server's
// library a second time. It also may look every 10 s, so autoscaling is prompt.
package main

import (
	"flag"
	"net"
	"time"

	corev1 "k8s.io/api/core/v1"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/server/options"
	utilcompatibility "k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/generated/openapi"

	"sigs.k8s.io/metrics-server/pkg/api"
	"sigs.k8s.io/metrics-server/pkg/scraper/client"
	"sigs.k8s.io/metrics-server/pkg/server"
)

const (
	resolution    = 10 * time.Second
	scrapeTimeout = 8 * time.Second // shorter than the resolution, or scrapes would overlap
	kubeletPort   = 10250
)

func apiserverConfig(kubeconfig, address string, port int) (*genericapiserver.Config, error) {
	config := genericapiserver.NewConfig(api.Codecs)
	config.EffectiveVersion = utilcompatibility.DefaultBuildEffectiveVersion()
	namer := openapinamer.NewDefinitionNamer(api.Scheme)
	config.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(openapi.GetOpenAPIDefinitions, namer)
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(openapi.GetOpenAPIDefinitions, namer)
	config.OpenAPIConfig.Info.Title = "metrics-server"
	config.OpenAPIV3Config.Info.Title = "metrics-server"

	serving := options.NewSecureServingOptions().WithLoopback()
	serving.BindAddress = net.ParseIP(address)
	serving.BindPort = port
	serving.ServerCert.CertDirectory = "" // self-signed, in memory
	if err := serving.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{net.ParseIP(address)}); err != nil {
		return nil, err
	}
	if err := serving.ApplyTo(&config.SecureServing, &config.LoopbackClientConfig); err != nil {
		return nil, err
	}

	authentication := options.NewDelegatingAuthenticationOptions()
	authentication.RemoteKubeConfigFile = kubeconfig
	if err := authentication.ApplyTo(&config.Authentication, config.SecureServing, nil); err != nil {
		return nil, err
	}
	authorization := options.NewDelegatingAuthorizationOptions()
	authorization.RemoteKubeConfigFile = kubeconfig
	return config, authorization.ApplyTo(&config.Authorization)
}

// The kubelet's serving certificate is signed by the authority that the kubeconfig names.
func kubeletConfig(toServer *rest.Config) *client.KubeletClientConfig {
	return &client.KubeletClientConfig{
		Scheme:              "https",
		DefaultPort:         kubeletPort,
		AddressTypePriority: []corev1.NodeAddressType{corev1.NodeInternalIP},
		Client:              *rest.CopyConfig(toServer),
	}
}

func run(kubeconfig, address string, port int) error {
	apiserver, err := apiserverConfig(kubeconfig, address, port)
	if err != nil {
		return err
	}
	toServer, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config := server.Config{
		Apiserver:        apiserver,
		Rest:             toServer,
		Kubelet:          kubeletConfig(toServer),
		MetricResolution: resolution,
		ScrapeTimeout:    scrapeTimeout,
	}
	metricsServer, err := config.Complete()
	if err != nil {
		return err
	}
	return metricsServer.RunUntil(genericapiserver.SetupSignalHandler())
}

func main() {
	klog.InitFlags(nil)
	kubeconfig := flag.String("kubeconfig", "", "kubeconfig of the API server")
	address := flag.String("bind-address", "127.0.0.1", "address to serve on")
	port := flag.Int("secure-port", 4443, "port to serve on")
	flag.Parse()
	if err := run(*kubeconfig, *address, *port); err != nil {
		klog.Fatal(err)
	}
}
