---@meta

-- The table that a script returns. `---@type perigee.Script` above `local M = {}` lets an editor
-- complete it.

---A duration: "1h2m3.5s", "250ms", "2d"; a number counts milliseconds.
---@alias perigee.Duration string|number

---@class perigee.Script
---@field options? perigee.Options
---@field setup? fun(): any runs once before the load; what it returns reaches the VUs as a copy
---@field default? fun(data: any) an iteration
---@field teardown? fun(data: any) runs once after the load
---@field handleSummary? fun(data: perigee.SummaryData): table<string, string>? turns the run's
---results into texts, by "stdout", "stderr" or a path

---@class perigee.Options
---@field vus? integer
---@field duration? perigee.Duration
---@field iterations? integer shared by the VUs
---@field stages? perigee.Stage[] that the number of VUs follows, from `vus`
---@field scenarios? table<string, perigee.Scenario>|[string, perigee.Scenario][]
---@field executionSegment? string the part of the run that this process does: "1/4:1/2", "25%"
---@field executionSegmentSequence? string where all parts end: "0,1/4,1/2,1"
---@field minIterationDuration? perigee.Duration shorter iterations wait until it is over
---@field setupTimeout? perigee.Duration "60s" if not set
---@field teardownTimeout? perigee.Duration "60s" if not set
---@field handleSummaryTimeout? perigee.Duration "2m" if not set
---@field noSetup? boolean
---@field noTeardown? boolean
---@field linger? boolean stay after the end until a signal comes
---@field thresholds? table<string, perigee.Thresholds> by metric or `metric{tag:value}`
---@field thresholdNoSamples? "pass"|"fail" what thresholds do that nothing was measured for
---@field failOnErrors? boolean an iteration that ends with an error fails the run: exit code 99
---@field tags? table<string, string> of every sample
---@field submetrics? string[] parts of metrics that the summary shows: "http_reqs{name:infer}"
---@field systemTags? perigee.SystemTag[] the only ones that samples get
---@field summaryTrendStats? string[] of avg, min, med, max, count and p(N)
---@field summaryTimeUnit? "s"|"ms"|"us" of all durations in the summary
---@field out? string[] outputs as with --out: { "csv=samples.csv.gz", "prometheus=:9464" }
---@field maxRedirects? integer that a request follows; 10 if not set
---@field batch? integer requests of a batch at a time; 20 if not set, 0: no limit
---@field batchPerHost? integer requests of a batch to one host at a time; 6 if not set, 0: no limit
---@field rps? integer requests per second of the whole run; 0: no limit
---@field userAgent? string
---@field throw? boolean a failed request raises an error
---@field httpDebug? "headers"|"full" requests and answers are logged; "full": their bodies, too
---@field discardResponseBodies? boolean bodies are read and not kept
---@field noCookiesReset? boolean cookies stay from one iteration to the next
---@field traceparent? boolean requests and gRPC calls carry a header that traces go by
---@field noConnectionReuse? boolean every request has a connection of its own
---@field noVUConnectionReuse? boolean connections are closed after each iteration
---@field dns? perigee.DnsOptions
---@field hosts? table<string, string> addresses by name: { ["test.example"] = "127.0.0.1:8080" }
---@field blacklistIPs? string[] ranges that are never connected to: "10.0.0.0/8"
---@field blockHostnames? string[] names that are never connected to: "*.example.com"
---@field localIPs? string[] ranges that connections come from, an address for each VU
---@field insecureSkipTLSVerify? boolean servers' certificates are not looked at
---@field tlsVersion? perigee.TlsVersion|perigee.TlsVersions one version, or the least and the most
---@field tlsCipherSuites? string[] by their IANA names
---@field tlsAuth? perigee.TlsAuth[] client certificates; of several that fit the first is shown
---@field tlsCACerts? string[] authorities to trust beside the system's: PEM texts or paths of files
---@field noUsageReport? boolean does nothing: nothing is ever reported
---@field metricSamplesBufferSize? integer does nothing: there is no such buffer

---@alias perigee.TlsVersion "tls1.0"|"tls1.1"|"tls1.2"|"tls1.3"

---How a client speaks TLS: the options of these names, for its connections only.
---@class perigee.ClientTls
---@field insecureSkipTLSVerify? boolean
---@field tlsVersion? perigee.TlsVersion|perigee.TlsVersions
---@field tlsCipherSuites? string[]
---@field tlsAuth? perigee.TlsAuth[]
---@field tlsCACerts? string[]
---@field serverName? string whom certificates must be for, and servers are told, not the URL's host
---@field resumeSessions? boolean new connections go on with the sessions of earlier ones

---@class perigee.TlsVersions
---@field min? perigee.TlsVersion "tls1.2" if not set
---@field max? perigee.TlsVersion "tls1.3" if not set

---@class perigee.TlsAuth
---@field domains? string[] hosts it is for: "example.org", "*.example.org"; any host if not set
---@field cert string a PEM text or the path of a file, with the chain above it if there is one
---@field key string a PEM text or the path of a file
---@field password? string of the key

---@class perigee.Stage
---@field duration perigee.Duration of the way to the target; 0 is a jump
---@field target integer VUs at its end

---@alias perigee.SystemTag
---| "proto" | "subproto" | "status" | "method" | "url" | "name" | "group" | "check" | "error"
---| "error_code" | "scenario" | "expected_response" | "iter" | "service" | "tls_version" | "vu"
---| "ip"

---@class perigee.DnsOptions
---@field ttl? perigee.Duration|"inf" how long answers are kept; "5m" if not set
---@field select? "first"|"random"|"roundRobin" "random" if not set
---@field policy? "preferIPv4"|"preferIPv6"|"onlyIPv4"|"onlyIPv6"|"any" "preferIPv4" if not set

---One expression or a list; an empty list adds a line to the summary and judges nothing.
---@alias perigee.Thresholds string|(string|perigee.Threshold)[]

---@class perigee.Threshold
---@field threshold string e.g. "p(95)<200"
---@field abortOnFail? boolean ends the run as soon as it fails
---@field delayAbortEval? perigee.Duration but not before this time

---@alias perigee.Scenario
---| perigee.ConstantVus
---| perigee.RampingVus
---| perigee.SharedIterations
---| perigee.PerVuIterations
---| perigee.ConstantArrivalRate
---| perigee.RampingArrivalRate

---@class perigee.AnyScenario
---@field startTime? perigee.Duration after the start of the load
---@field gracefulStop? perigee.Duration that iterations get to end; "30s" if not set
---@field exec? string the function to run; "default" if not set
---@field env? table<string, string> on top of __ENV
---@field tags? table<string, string>

---@class perigee.ConstantVus: perigee.AnyScenario
---@field executor "constant-vus"
---@field vus? integer 1 if not set
---@field duration perigee.Duration

---@class perigee.SharedIterations: perigee.AnyScenario
---@field executor "shared-iterations"
---@field vus? integer 1 if not set
---@field iterations? integer of all VUs together; 1 if not set
---@field maxDuration? perigee.Duration "10m" if not set

---@class perigee.PerVuIterations: perigee.AnyScenario
---@field executor "per-vu-iterations"
---@field vus? integer 1 if not set
---@field iterations? integer of each VU; 1 if not set
---@field maxDuration? perigee.Duration "10m" if not set

---@class perigee.ConstantArrivalRate: perigee.AnyScenario
---@field executor "constant-arrival-rate"
---@field rate number iterations that start per timeUnit; may be a fraction
---@field timeUnit? perigee.Duration "1s" if not set
---@field duration perigee.Duration
---@field preAllocatedVUs integer VUs that exist from the start
---@field maxVUs? integer preAllocatedVUs if not set
---@field arrival? "regular"|"poisson" evenly, if not set, or at random
---@field seed? integer of random arrivals; drawn and printed if not set
---@field overload? "drop"|"queue" what becomes of arrivals without a VU; "drop" if not set

---@class perigee.RampingVus: perigee.AnyScenario
---@field executor "ramping-vus"
---@field startVUs? integer 1 if not set
---@field stages perigee.Stage[]
---@field gracefulRampDown? perigee.Duration that a VU gets to end its iteration; "30s" if not set

---@class perigee.RateStage
---@field duration perigee.Duration of the way to the target; 0 is a jump
---@field target number iterations per timeUnit at its end; may be a fraction

---@class perigee.RampingArrivalRate: perigee.AnyScenario
---@field executor "ramping-arrival-rate"
---@field startRate? number 0 if not set
---@field timeUnit? perigee.Duration of startRate and of every target; "1s" if not set
---@field stages perigee.RateStage[]
---@field preAllocatedVUs integer VUs that exist from the start
---@field maxVUs? integer preAllocatedVUs if not set
---@field arrival? "regular"|"poisson" evenly, if not set, or at random
---@field seed? integer of random arrivals; drawn and printed if not set
---@field overload? "drop"|"queue" what becomes of arrivals without a VU; "drop" if not set
