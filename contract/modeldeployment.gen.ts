/** Generated from crds/ by scripts/generate.ts; change the CRD, not this file. */

/**
 * A ModelDeployment names an ONNX model and where it comes from; Gantry imports it, serves it and keeps it served.
 */
export interface ModelDeployment {
  /**
   * The version of this representation of an object.
   */
  apiVersion?: string
  /**
   * The kind of this object, ModelDeployment.
   */
  kind?: string
  /**
   * The desired state.
   */
  spec: {
    /**
     * The model and where it comes from.
     */
    model: {
      /**
       * What the server does around the model. `tensor` passes raw tensors in and out, the others add the preprocessing and postprocessing of their kind and need tokenizer.json for texts, preprocessor_config.json for pictures. `token-classification` finds entities, `question-answering` an answer in a text, `feature-extraction` gives vectors, `fill-mask` missing words; `text-generation` and `code-generation` go on with a text, also for clients of OpenAI's API; `translation` and `image-to-text` need both graphs of their export, encoder_model.onnx and decoder_model_merged.onnx; the `zero-shot` tasks take the labels with the request.
       */
      task:
        | 'tensor'
        | 'text-classification'
        | 'token-classification'
        | 'question-answering'
        | 'feature-extraction'
        | 'zero-shot-classification'
        | 'fill-mask'
        | 'text-generation'
        | 'code-generation'
        | 'translation'
        | 'image-classification'
        | 'zero-shot-image-classification'
        | 'image-to-text'
      /**
       * Where the model's files come from. Exactly one of its kinds is set.
       */
      source: {
        /**
         * `https://…` or `http://…` for one .onnx file or one .tar, .tar.gz or .tgz archive; `s3://BUCKET/KEY` for an object that is one of these, or for all objects below it; `hf://ORGANISATION/NAME[@REVISION][/PATH]` for a model on a hub of Hugging Face; `oci://HOST/REPOSITORY:TAG` or `oci://HOST/REPOSITORY@sha256:DIGEST` for an artifact or image in a registry; `pvc://CLAIM/PATH` for a folder or file on a PersistentVolumeClaim of the same namespace; `file:///PATH` for a path in the import pod (development only, refused unless the operator allows it).
         */
        uri?: string
        /**
         * A ConfigMap of the same namespace whose keys are the model's files (`binaryData: model.onnx: …`); for models below 1 MiB.
         */
        configMapRef?: {
          /**
           * Name of the ConfigMap.
           */
          name: string
        }
        /**
         * The winner of a ModelEvaluation of the same namespace, with its file, digest and credentials. Another winner is imported and rolled out as another version. When the ModelEvaluation is deleted, what serves goes on.
         */
        evaluationRef?: {
          /**
           * Name of the ModelEvaluation.
           */
          name: string
          /**
           * Name of the candidate, or of a variant in status.results, where it is not to be the winner.
           */
          candidate?: string
        }
        /**
         * The .onnx file of the source that is the model, such as `onnx/model_quantized.onnx`; relative to the folder, or to what an archive holds. Default is model.onnx, onnx/model.onnx, or the only one there. Other graphs are then not kept. With spec.optimize.export it is the file that a graph is made of.
         */
        file?: string
        /**
         * The files of a folder beneath an `https://` uri, since such a folder cannot be listed. Each is fetched from `URI/PATH`, with the query of uri; none is unpacked.
         *
         * @minItems 1
         * @maxItems 100
         */
        files?: {
          /**
           * Relative path of the file, such as `onnx/model.onnx`, as it is named on the volume.
           */
          path: string
          /**
           * Digest of the file, checked before anything is committed to the volume.
           */
          sha256?: string
        }[]
        /**
         * Digest of the one file that uri names, checked before anything is committed to the volume.
         */
        sha256?: string
        /**
         * Where the bucket of a uri s3://… is. Default is AWS, in the region that the pod's role or the profile names.
         */
        s3?: {
          /**
           * Address of another store that speaks S3, such as `https://minio.example.com:9000`, without a path.
           */
          endpoint?: string
          /**
           * Region of the bucket, such as `eu-central-1`. Default is that of the pod's role or of the profile, else us-east-1.
           */
          region?: string
          /**
           * Whether the bucket is in the path of addresses (`https://HOST/BUCKET`) and not before the host (`https://BUCKET.HOST`). Default is true with an endpoint, and false without one.
           */
          forcePathStyle?: boolean
        }
        /**
         * A Secret of the same namespace with the download's credentials. For hf:// it has the key `HF_TOKEN`, a token of the hub. For oci:// it may be a pull Secret (type kubernetes.io/dockerconfigjson), which names its registries itself. For oci://, https:// and http:// it has the key `token` (sent as a bearer token), or `username` and `password` (HTTP basic); and key `hosts`, which names the hosts they may be sent to, such as `models.example.com, models.example.com:8443`. They are sent over https only, unless the operator allows http. For s3://… the keys `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, where they are temporary, `AWS_SESSION_TOKEN`; or `credentials`, a file as the AWS command line has it.
         */
        secretRef?: {
          /**
           * Name of the Secret.
           */
          name: string
        }
        /**
         * The source is imported only if this key has signed it: a file `model.sig` beside the model, by OpenSSF model signing v1.0 (`model_signing sign key`), that names every file of it. Another key imports the source again.
         */
        signature?: {
          /**
           * An EC key on P-256, P-384 or P-521 as PEM; it begins with `-----BEGIN PUBLIC KEY-----`.
           */
          publicKey?: string
          /**
           * A Secret of the same namespace whose key `publicKey` holds it. What the Secret holds is read with every import.
           */
          publicKeySecretRef?: {
            /**
             * Name of the Secret.
             */
            name: string
          }
        }
      }
      /**
       * Your label for this version; changing it imports the source again. The id of a version in status.versions goes back to that version without a new import.
       */
      version?: string
      /**
       * Ids of versions in status.versions that stay on the volume whatever spec.versionHistoryLimit is; they do not count for it. An optimized version keeps the one that it was made from.
       *
       * @maxItems 50
       */
      keep?: string[]
      /**
       * Names of the classes in the order of the model's output; default is labels.json or config.json of the model's folder.
       *
       * @minItems 1
       * @maxItems 10000
       */
      labels?: string[]
      /**
       * For /chat: reply template per category; the key `default` answers everything else.
       */
      responses?: {
        [k: string]: string
      }
      /**
       * Names of fields, tensors and parameters that the request log hashes or encrypts; of the others it shows what docs/request-log.md lists and hides the rest. Without any, it hides whole contents. See spec.serve.requestLog.
       *
       * @minItems 1
       * @maxItems 64
       */
      sensitiveFields?: string[]
    }
    /**
     * Measures each new version on labelled data before it gets any traffic. A version that is beyond a limit is not served; the one before serves on. Without a limit, the measurement is only recorded.
     */
    evaluate?: {
      /**
       * Labelled samples, `{"inputs": …, "label": …}` a line, or CSV with a column `label`. Exactly one of uri and configMapRef is set.
       */
      dataset: {
        /**
         * `https://…` or `http://…` for one .jsonl or .csv file, or an archive that also has the pictures; `pvc://CLAIM/PATH`; `file:///PATH` (development only).
         */
        uri?: string
        /**
         * A ConfigMap of the same namespace whose keys are the files. What is changed in it later is not measured again: give it another name then.
         */
        configMapRef?: {
          /**
           * Name of the ConfigMap.
           */
          name: string
        }
        /**
         * A Secret of the same namespace with the download's credentials, as spec.model.source.secretRef.
         */
        secretRef?: {
          /**
           * Name of the Secret.
           */
          name: string
        }
        /**
         * The file that has the samples, where the source has several; relative to the folder.
         */
        file?: string
        /**
         * Digest of the one file that uri names.
         */
        sha256?: string
        /**
         * Default follows from the file's name.
         */
        format?: 'jsonl' | 'csv'
        /**
         * Divides the samples in two, shuffled by the seed, and keeps one part.
         */
        split?: {
          /**
           * Share of the samples in the held-out part.
           */
          share: number
          /**
           * The part that is kept.
           */
          part: 'held-out' | 'rest'
          /**
           * Seed of the shuffle.
           */
          seed?: number
        }
        /**
         * Draws samples without replacement.
         */
        sample?: {
          /**
           * How many.
           */
          size: number
          /**
           * Seed of the draw.
           */
          seed?: number
        }
      }
      /**
       * The metric that counts as accuracy. All metrics of the task are measured; see docs/evaluation-data.md.
       */
      metric?:
        | 'accuracy'
        | 'topK'
        | 'f1Macro'
        | 'f1Weighted'
        | 'entityF1'
        | 'exactMatch'
        | 'tokenF1'
        | 'bleu'
        | 'chrf'
        | 'perplexity'
        | 'meanAbsoluteError'
        | 'meanSquaredError'
        | 'r2'
        | 'recallAtK'
        | 'meanReciprocalRank'
      /**
       * The k of topK and recallAtK; default 5.
       */
      topK?: number
      /**
       * For task tensor: the output that is the prediction. Default is the first INT64 or BYTES output with one value a row, else the argmax (or, for a metric of regression, the value) of the first floating one.
       */
      output?: string
      /**
       * Least value of the metric, such as 0.9.
       */
      minAccuracy?: number
      /**
       * Largest value of a metric where less is better (perplexity, meanAbsoluteError, meanSquaredError).
       */
      maxError?: number
      /**
       * By how much the metric may be worse than that of the version that serves, on the same samples. 0 allows no worsening.
       */
      maxAccuracyDrop?: number
      /**
       * Longest time of 95 % of the requests, one at a time, in milliseconds.
       */
      maxLatencyP95Ms?: number
      /**
       * Most that the model's pods may cost in an hour, as decimal text such as "2.50", in the currency of the price sheet; see docs/cost.md.
       */
      maxHourlyCost?: string
      /**
       * Requests in flight, measured one after another; 1 is always measured.
       *
       * @minItems 1
       * @maxItems 8
       */
      concurrencies?: number[]
      /**
       * Longest time that the measurement of one version may take, such as `10m`; its downloads are not counted.
       */
      timeBudget?: string
    }
    /**
     * Makes each imported version smaller or faster before it is served, and proves on data that it is no worse. The version is a new one, whose parent stays on the volume. The steps are taken in the order export, distill, graph, prune, quantize.
     */
    optimize?: {
      /**
       * Makes the graph of a model of PyTorch (.pt2), Hugging Face, scikit-learn (.skops), XGBoost, LightGBM or CatBoost, and compares both. The source has no graph then. The installation needs the chart value image.exporter.
       */
      export?: {
        /**
         * Whether rows of a table may have missing numbers (NaN), so that the answers to those are compared, too. Default true.
         */
        missingValues?: boolean
      }
      /**
       * Trains a smaller model, the student, on the answers of the whole one. It is for classifiers, needs a data set, and the installation needs the chart value image.trainer. At least one of layers and width is set.
       */
      distill?: {
        /**
         * Share that stays of the layers that repeat. Absent keeps all.
         */
        layers?: number
        /**
         * Share that stays of neurons, channels and heads. Absent keeps all.
         */
        width?: number
        /**
         * Most times that it learns from each sample. Default 60.
         */
        epochs?: number
        /**
         * Most seconds of training. Default 1800.
         */
        seconds?: number
        /**
         * Decides the order of samples, and which ones are held out. Default 0.
         */
        seed?: number
      }
      /**
       * How far operators are merged. `basic` takes rules that change no number; `all` also fuses what measured equal and faster. Absent is `none`.
       */
      graph?: 'none' | 'basic' | 'all'
      /**
       * Takes weights away.
       */
      prune?: {
        /**
         * `l1-unstructured` sets the smallest weights to zero, so that the files are smaller when they are compressed and no run is faster. `structured` takes whole neurons and channels away, so that runs are faster.
         */
        method: 'l1-unstructured' | 'structured'
        /**
         * Share that goes. Default 0.3 for l1-unstructured, and 0.4 for structured.
         */
        ratio?: number
        /**
         * Whether attention heads may go, too.
         */
        heads?: boolean
      }
      /**
       * Number format of the weights. `int8-dynamic` and `int8-static` are smaller and faster on CPUs; int8-static needs data. `int4` and `fp16` are smaller; fp16 is faster on GPUs. Absent is `none`.
       */
      quantize?: 'none' | 'int8-dynamic' | 'int8-static' | 'int4' | 'fp16'
      /**
       * By how much the metric of spec.evaluate may be worse than that of the parent, on the same samples. Without spec.evaluate, the share of answers that may differ from those of the parent. 0 allows no worsening. A changed value judges again without a new measurement.
       */
      maxAccuracyDrop?: number
      /**
       * Samples to calibrate on, in the form of spec.evaluate.dataset; labels are used where there are any. Default: a quarter of the samples of spec.evaluate, drawn by a seed, calibrates, and the rest judges. Exactly one of uri and configMapRef is set.
       */
      dataset?: {
        /**
         * `https://…` or `http://…` for one .jsonl or .csv file, or an archive that also has the pictures; `pvc://CLAIM/PATH`; `file:///PATH` (development only).
         */
        uri?: string
        /**
         * A ConfigMap of the same namespace whose keys are the files. What is changed in it later makes no new version: give it another name then.
         */
        configMapRef?: {
          /**
           * Name of the ConfigMap.
           */
          name: string
        }
        /**
         * A Secret of the same namespace with the download's credentials, as spec.model.source.secretRef.
         */
        secretRef?: {
          /**
           * Name of the Secret.
           */
          name: string
        }
        /**
         * The file that has the samples, where the source has several; relative to the folder.
         */
        file?: string
        /**
         * Digest of the one file that uri names.
         */
        sha256?: string
        /**
         * Default follows from the file's name.
         */
        format?: 'jsonl' | 'csv'
        /**
         * Divides the samples in two, shuffled by the seed, and keeps one part.
         */
        split?: {
          /**
           * Share of the samples in the held-out part.
           */
          share: number
          /**
           * The part that is kept.
           */
          part: 'held-out' | 'rest'
          /**
           * Seed of the shuffle.
           */
          seed?: number
        }
        /**
         * Draws samples without replacement.
         */
        sample?: {
          /**
           * How many.
           */
          size: number
          /**
           * Seed of the draw.
           */
          seed?: number
        }
      }
      /**
       * CPU and memory of the container that optimizes, key by key. Default: memory by the size of the model. What is changed here starts a failed optimization again.
       */
      resources?: {
        /**
         * Quantities by resource name.
         */
        requests?: {
          [k: string]: number | string
        }
        /**
         * Quantities by resource name.
         */
        limits?: {
          [k: string]: number | string
        }
      }
    }
    /**
     * How a new version takes the place of the one that serves. `Rolling` replaces pods one after the other. `Canary` gives the new version a share of the requests, compares it with the one that serves, and takes it back where it is worse; see docs/rollouts-verdict.md.
     */
    rollout?: {
      /**
       * Rolling, or Canary. Canary needs the gateway (`gateway.enabled` of the chart).
       */
      strategy: 'Rolling' | 'Canary'
      /**
       * The shares of requests that the canary gets, one after the other. The default is 10 and then 50 percent, 60 seconds each. A step ends when its time is over, the canary has had abort.minRequests, and nothing has rejected it.
       *
       * @minItems 1
       * @maxItems 10
       */
      steps?: {
        /**
         * Percent of the requests that go to the canary.
         */
        weight: number
        /**
         * Time that the step lasts at least.
         */
        holdSeconds?: number
      }[]
      /**
       * Requests of one session go to the same version, and the verdict counts sessions in place of requests. A session changes its version once at most in a rollout, from the one that serves to the new one.
       */
      sticky?: {
        /**
         * Header whose value names the session, such as X-Session. A request without it is a session of its own.
         */
        header: string
      }
      /**
       * When the canary is rejected.
       */
      abort?: {
        /**
         * The chance that a version is rejected although it is no worse, by all tests together. The default is 0.05.
         */
        alpha?: number
        /**
         * How many times the error rate of the version that serves is still fine. The default is 1.5.
         */
        errorMargin?: number
        /**
         * By which share latencies may be above those of the version that serves. The default is 0.1, for 10 percent.
         */
        latencyMargin?: number
        /**
         * Requests that the canary has to have in each step. The default is 250.
         */
        minRequests?: number
        /**
         * Share of the canary's requests that may fail, whatever those of the version that serves do.
         */
        maxErrorRate?: number
        /**
         * Milliseconds that 95 % of the canary's requests have to stay within.
         */
        maxLatencyP95Ms?: number
      }
      /**
       * Before the canary has any share of the requests, copies of some go to it, and its answers are compared with those that callers got. They need abort.minRequests compared copies before the first step. See docs/rollouts-verdict.md.
       */
      shadow?: {
        /**
         * Percent of the requests that are copied, exact in each hundred.
         */
        percent: number
        /**
         * What has to agree. `top1`: the likeliest class of each row, and all texts and whole numbers. `maxAbs`: all numbers within maxDifference, and all texts. `cosine`: the direction of each vector. `text`: all texts, letter by letter. The default is cosine for feature-extraction, text for tasks that write texts, and top1 for others.
         */
        compare?: 'top1' | 'maxAbs' | 'cosine' | 'text'
        /**
         * Share of the compared copies that may be answered otherwise. Shown to be above it, the canary is rejected. The default is 0.01.
         */
        tolerance?: number
        /**
         * With compare: maxAbs, the largest difference of two numbers that agree. The default is 0.01.
         */
        maxDifference?: number
        /**
         * With compare: cosine, the least cosine of two vectors that agree. The default is 0.99.
         */
        minCosine?: number
      }
      /**
       * 0 takes the canary's pods from the version that serves, where the cluster has no spare GPUs: both together have as many as the model has without a canary, at least two. 1, the default, makes them beside it.
       */
      surge?: number
      /**
       * What divides the requests. `Gateway` is Gantry's own. `GatewayAPI` is the data plane of the cluster, by routes with weights; see docs/gateway-api.md.
       */
      routing?: 'Gateway' | 'GatewayAPI'
      /**
       * With routing: GatewayAPI, where the routes of the model are attached.
       */
      gatewayApi?: {
        /**
         * Gateways that the route is attached to; each has to accept it before a step counts.
         *
         * @minItems 1
         * @maxItems 8
         */
        parentRefs: {
          /**
           * Name of a Gateway.
           */
          name: string
          /**
           * Its namespace; that of the model by default. Its listeners have to allow routes of the model's namespace.
           */
          namespace?: string
          /**
           * One of its listeners; all by default.
           */
          sectionName?: string
          /**
           * Port of its listeners; all by default.
           */
          port?: number
        }[]
        /**
         * Host names of the requests that are the model's; all that reach the listener by default.
         *
         * @minItems 1
         * @maxItems 16
         */
        hostnames?: string[]
        /**
         * Host names of calls of gRPC, for which the model gets a GRPCRoute with the same weights. None by default: callers of gRPC use the model's own Service then. See docs/gateway-api.md.
         *
         * @minItems 1
         * @maxItems 16
         */
        grpcHostnames?: string[]
      }
      /**
       * Seconds after which a step is reported that does not come to an end, as CanaryStarved. The default is a day.
       */
      maxStepSeconds?: number
    }
    /**
     * How the model is served.
     */
    serve?: {
      /**
       * `auto` uses a GPU where the pod has one and the CPU otherwise; `gpu` also requests one (spec.serve.gpu, by default one nvidia.com/gpu); `cpu` never looks for one. Condition AcceleratorActive says what is really used.
       */
      device?: 'auto' | 'gpu' | 'cpu'
      /**
       * The extended resource that each serving pod requests.
       */
      gpu?: {
        /**
         * Name of the extended resource, MIG profiles included.
         */
        resource?: string
        /**
         * How many of them each pod requests.
         */
        count?: number
      }
      /**
       * Requests that wait together run as one batch where their rows cannot influence each other.
       */
      batching?: {
        /**
         * Whether requests share a run. auto: where the rows are proven independent from the graph. independent: asserts it where it could not be proven; rows that are seen to depend on each other never share a run. alone: never.
         */
        rows?: 'auto' | 'independent' | 'alone'
        /**
         * Most rows of different requests in one batch.
         */
        maxRows?: number
        /**
         * Most tokens in one batch of texts, padding included; a single text always runs. Default is 256 for each thread on a CPU, and any number on a GPU. For tasks that write texts: most tokens, read and written, of all texts that are written side by side; default is what fits in an eighth of the memory.
         */
        maxTokens?: number
        /**
         * How long a batch waits to fill, in milliseconds; 0 takes what queued while the workers were busy.
         */
        maxDelayMs?: number
        /**
         * Most requests that wait; beyond it callers get 429 with Retry-After.
         */
        maxQueue?: number
      }
      /**
       * Threads that one inference may use; also the default of the pod's CPU request.
       */
      threads?: number
      /**
       * Requires API keys of callers. Without it, all callers that the NetworkPolicy admits may send requests.
       */
      auth?: {
        /**
         * A Secret of the same namespace; each of its keys holds one API key of at least 16 characters, and is named after its user. Changes take effect within about a minute, without a restart.
         */
        apiKeySecretRef: {
          /**
           * Name of the Secret.
           */
          name: string
        }
      }
      /**
       * HTTPS on the model's HTTP port (443 of its Service instead of 80), and TLS on its gRPC port. Without it, both speak in the clear.
       */
      tls?: {
        /**
         * A Secret of the same namespace and of type kubernetes.io/tls, as cert-manager makes them: `tls.crt`, `tls.key`. A renewed one takes effect within about a minute, without a restart.
         */
        secretRef: {
          /**
           * Name of the Secret.
           */
          name: string
        }
      }
      /**
       * `auto` compares requests with the data that the version was evaluated on, where it has drift-reference.json (spec.evaluate leaves it), and condition InputDrift tells what differs; `off` (in quotes: YAML takes it for false otherwise) never compares.
       */
      drift?: 'auto' | 'off'
      /**
       * One JSON line on the server's standard output for each request.
       */
      requestLog?: {
        /**
         * `off` (in quotes: YAML takes it for false otherwise); `metadata`: endpoint, status, times and trace, no content; `hashed` and `encrypted`: content too, with spec.model.sensitiveFields, and whatever is not known, as HMAC-SHA256 or as Fernet tokens; `full`: content as it is.
         */
        mode: 'off' | 'metadata' | 'hashed' | 'encrypted' | 'full'
        /**
         * A Secret of the same namespace with the keys; the last one by name is used, so that a new key takes over without a restart and the old ones stay to read with. encrypted: Fernet keys.
         */
        keySecretRef?: {
          /**
           * Name of the Secret.
           */
          name: string
        }
        /**
         * Share of the requests that are logged, above 0 and at most 1; default 1. The trace's id decides.
         */
        sampleRate?: number
      }
      /**
       * Deadline of one request in seconds; also how long a pod may take to finish its requests when it ends.
       */
      timeoutSeconds?: number
      /**
       * CPU, memory and ephemeral storage of each serving pod. Default: CPU request after `threads`, memory from the size of the imported model, 2Gi of the node's disk. GPUs belong in spec.serve.gpu.
       */
      resources?: {
        /**
         * Quantities by resource name.
         */
        requests?: {
          [k: string]: number | string
        }
        /**
         * Quantities by resource name.
         */
        limits?: {
          [k: string]: number | string
        }
      }
      /**
       * Scheduling, labelling and additions of the pods, passed through where the operator's installation allows it (chart value podTemplate.allow); anything else is PodTemplateNotAllowed.
       */
      podTemplate?: {
        /**
         * Labels added to the serving pods.
         */
        labels?: {
          [k: string]: string
        }
        /**
         * Annotations added to the serving pods.
         */
        annotations?: {
          [k: string]: string
        }
        /**
         * Variables of the server, as far as the chart value podTemplate.allow.env names them. References also need podTemplate.allow.secrets or podTemplate.allow.configMaps. A Secret that changes later rolls no pods.
         *
         * @maxItems 32
         */
        env?: {
          /**
           * Name of the variable.
           */
          name: string
          /**
           * Its value. That of the server is taken as it is; in sidecars, $(NAME) stands for another variable.
           */
          value?: string
          /**
           * Where its value comes from when the container starts.
           */
          valueFrom?: {
            /**
             * A key of an object of the same namespace.
             */
            secretKeyRef?: {
              /**
               * Name of the object.
               */
              name: string
              /**
               * The key.
               */
              key: string
              /**
               * Whether the container starts without it.
               */
              optional?: boolean
            }
            /**
             * A key of an object of the same namespace.
             */
            configMapKeyRef?: {
              /**
               * Name of the object.
               */
              name: string
              /**
               * The key.
               */
              key: string
              /**
               * Whether the container starts without it.
               */
              optional?: boolean
            }
            /**
             * A fact of the pod itself.
             */
            fieldRef?: {
              /**
               * The field of the pod.
               */
              fieldPath:
                | 'metadata.name'
                | 'metadata.namespace'
                | 'metadata.uid'
                | 'spec.nodeName'
                | 'status.podIP'
                | 'status.hostIP'
            }
          }
        }[]
        /**
         * Every key of a Secret or ConfigMap as a variable of the server, called PREFIX and the key, as far as the chart value podTemplate.allow.envFrom names the prefix.
         *
         * @maxItems 8
         */
        envFrom?: {
          /**
           * Begins the name of each variable, so that none of the server's own is among them.
           */
          prefix: string
          /**
           * An object of the same namespace.
           */
          secretRef?: {
            /**
             * Name of the object.
             */
            name: string
            /**
             * Whether the container starts without it.
             */
            optional?: boolean
          }
          /**
           * An object of the same namespace.
           */
          configMapRef?: {
            /**
             * Name of the object.
             */
            name: string
            /**
             * Whether the container starts without it.
             */
            optional?: boolean
          }
        }[]
        /**
         * Further volumes of the serving pods, as far as the chart value podTemplate.allow.volumes names their kinds.
         *
         * @maxItems 16
         */
        volumes?: {
          /**
           * Name of the volume.
           */
          name: string
          /**
           * An empty folder, which ends with the pod.
           */
          emptyDir?: {
            /**
             * Most that it may hold. It counts for the limits of the containers, on ephemeral-storage, or on memory with the medium Memory.
             */
            sizeLimit: string
            /**
             * Memory keeps it in memory.
             */
            medium?: 'Memory'
          }
          /**
           * The keys of a ConfigMap as files.
           */
          configMap?: {
            /**
             * Name of the object.
             */
            name: string
            /**
             * Which keys; default is all.
             *
             * @maxItems 32
             */
            items?: {
              /**
               * The key.
               */
              key: string
              /**
               * Name of the file, below the volume.
               */
              path: string
            }[]
            /**
             * Whether the pod starts without it.
             */
            optional?: boolean
          }
          /**
           * The keys of a Secret as files, readable for the containers' group.
           */
          secret?: {
            /**
             * Name of the object.
             */
            secretName: string
            /**
             * Which keys; default is all.
             *
             * @maxItems 32
             */
            items?: {
              /**
               * The key.
               */
              key: string
              /**
               * Name of the file, below the volume.
               */
              path: string
            }[]
            /**
             * Whether the pod starts without it.
             */
            optional?: boolean
          }
          /**
           * Several Secrets and ConfigMaps in one folder. Tokens of ServiceAccounts are not among them.
           */
          projected?: {
            /**
             * What is in the folder.
             *
             * @minItems 1
             * @maxItems 8
             */
            sources: {
              /**
               * An object of the same namespace.
               */
              secret?: {
                /**
                 * Name of the object.
                 */
                name: string
                /**
                 * Which keys; default is all.
                 *
                 * @maxItems 32
                 */
                items?: {
                  /**
                   * The key.
                   */
                  key: string
                  /**
                   * Name of the file, below the volume.
                   */
                  path: string
                }[]
                /**
                 * Whether the pod starts without it.
                 */
                optional?: boolean
              }
              /**
               * An object of the same namespace.
               */
              configMap?: {
                /**
                 * Name of the object.
                 */
                name: string
                /**
                 * Which keys; default is all.
                 *
                 * @maxItems 32
                 */
                items?: {
                  /**
                   * The key.
                   */
                  key: string
                  /**
                   * Name of the file, below the volume.
                   */
                  path: string
                }[]
                /**
                 * Whether the pod starts without it.
                 */
                optional?: boolean
              }
            }[]
          }
          /**
           * A claim of the same namespace, mounted read-only.
           */
          persistentVolumeClaim?: {
            /**
             * Name of the object.
             */
            claimName: string
          }
          /**
           * A volume that a CSI driver makes for the pod.
           */
          csi?: {
            /**
             * Name of the driver, such as secrets-store.csi.k8s.io.
             */
            driver: string
            /**
             * Whether it is mounted read-only.
             */
            readOnly?: boolean
            /**
             * What the driver is told.
             */
            volumeAttributes?: {
              [k: string]: string
            }
            /**
             * A Secret that the driver is given.
             */
            nodePublishSecretRef?: {
              /**
               * Name of the object.
               */
              name: string
            }
          }
        }[]
        /**
         * Where the server finds these volumes, read-only and below /mnt.
         *
         * @maxItems 16
         */
        volumeMounts?: {
          /**
           * Name of the volume.
           */
          name: string
          /**
           * An absolute path below /mnt.
           */
          mountPath: string
          /**
           * The part of the volume that is mounted.
           */
          subPath?: string
        }[]
        /**
         * ServiceAccount of the serving pods instead of the model's own, as far as the chart value podTemplate.allow.serviceAccounts names it. The pods have no token of it either.
         */
        serviceAccountName?: string
        /**
         * Further containers of the pod, which start before the server and end after it, as far as the chart value podTemplate.allow.sidecars names their images. Fields as in core/v1 Container.
         *
         * @maxItems 4
         */
        sidecars?: {
          /**
           * Name of the container.
           */
          name: string
          /**
           * The image, with a tag or digest.
           */
          image: string
          /**
           * When the image is pulled.
           */
          imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
          /**
           * As in core/v1 Container.
           *
           * @maxItems 64
           */
          command?: string[]
          /**
           * As in core/v1 Container.
           *
           * @maxItems 64
           */
          args?: string[]
          /**
           * Variables of the sidecar.
           *
           * @maxItems 32
           */
          env?: {
            /**
             * Name of the variable.
             */
            name: string
            /**
             * Its value. That of the server is taken as it is; in sidecars, $(NAME) stands for another variable.
             */
            value?: string
            /**
             * Where its value comes from when the container starts.
             */
            valueFrom?: {
              /**
               * A key of an object of the same namespace.
               */
              secretKeyRef?: {
                /**
                 * Name of the object.
                 */
                name: string
                /**
                 * The key.
                 */
                key: string
                /**
                 * Whether the container starts without it.
                 */
                optional?: boolean
              }
              /**
               * A key of an object of the same namespace.
               */
              configMapKeyRef?: {
                /**
                 * Name of the object.
                 */
                name: string
                /**
                 * The key.
                 */
                key: string
                /**
                 * Whether the container starts without it.
                 */
                optional?: boolean
              }
              /**
               * A fact of the pod itself.
               */
              fieldRef?: {
                /**
                 * The field of the pod.
                 */
                fieldPath:
                  | 'metadata.name'
                  | 'metadata.namespace'
                  | 'metadata.uid'
                  | 'spec.nodeName'
                  | 'status.podIP'
                  | 'status.hostIP'
              }
            }
          }[]
          /**
           * Every key of a Secret or ConfigMap as a variable of the sidecar. Without a prefix, the chart value podTemplate.allow.envFrom has to be "*".
           *
           * @maxItems 8
           */
          envFrom?: {
            /**
             * Begins the name of each variable.
             */
            prefix?: string
            /**
             * An object of the same namespace.
             */
            secretRef?: {
              /**
               * Name of the object.
               */
              name: string
              /**
               * Whether the container starts without it.
               */
              optional?: boolean
            }
            /**
             * An object of the same namespace.
             */
            configMapRef?: {
              /**
               * Name of the object.
               */
              name: string
              /**
               * Whether the container starts without it.
               */
              optional?: boolean
            }
          }[]
          /**
           * Ports that the sidecar listens on.
           *
           * @maxItems 8
           */
          ports?: {
            /**
             * Name of the port.
             */
            name?: string
            /**
             * The port.
             */
            containerPort: number
            /**
             * Its protocol.
             */
            protocol?: 'TCP' | 'UDP' | 'SCTP'
          }[]
          /**
           * CPU, memory and disk of the sidecar, key by key. Default: requests of 50m, 64Mi and 64Mi, limits of 256Mi of memory and 1Gi of the node's disk.
           */
          resources?: {
            /**
             * Quantities by resource name.
             */
            requests?: {
              [k: string]: number | string
            }
            /**
             * Quantities by resource name.
             */
            limits?: {
              [k: string]: number | string
            }
          }
          /**
           * Volumes of spec.serve.podTemplate.volumes that the sidecar sees.
           *
           * @maxItems 16
           */
          volumeMounts?: {
            /**
             * Name of the volume.
             */
            name: string
            /**
             * Where the sidecar finds it.
             */
            mountPath: string
            /**
             * Whether the sidecar may only read it.
             */
            readOnly?: boolean
            /**
             * The part of the volume that is mounted.
             */
            subPath?: string
          }[]
          /**
           * As in core/v1 Probe; addresses other than the pod's own are not taken.
           */
          startupProbe?: {
            /**
             * Asks a path of the sidecar.
             */
            httpGet?: {
              /**
               * The path.
               */
              path?: string
              /**
               * Number or name of a port.
               */
              port: number | string
              /**
               * How to ask.
               */
              scheme?: 'HTTP' | 'HTTPS'
            }
            /**
             * Opens a connection.
             */
            tcpSocket?: {
              /**
               * Number or name of a port.
               */
              port: number | string
            }
            /**
             * Calls grpc.health.v1.Health.
             */
            grpc?: {
              /**
               * The port.
               */
              port: number
              /**
               * The service that is asked for.
               */
              service?: string
            }
            /**
             * Runs a command in the sidecar.
             */
            exec?: {
              /**
               * As in core/v1 Container.
               *
               * @maxItems 64
               */
              command: string[]
            }
            /**
             * As in core/v1 Probe.
             */
            initialDelaySeconds?: number
            /**
             * As in core/v1 Probe.
             */
            periodSeconds?: number
            /**
             * As in core/v1 Probe.
             */
            timeoutSeconds?: number
            /**
             * As in core/v1 Probe.
             */
            failureThreshold?: number
          }
          /**
           * As in core/v1 Probe; addresses other than the pod's own are not taken.
           */
          readinessProbe?: {
            /**
             * Asks a path of the sidecar.
             */
            httpGet?: {
              /**
               * The path.
               */
              path?: string
              /**
               * Number or name of a port.
               */
              port: number | string
              /**
               * How to ask.
               */
              scheme?: 'HTTP' | 'HTTPS'
            }
            /**
             * Opens a connection.
             */
            tcpSocket?: {
              /**
               * Number or name of a port.
               */
              port: number | string
            }
            /**
             * Calls grpc.health.v1.Health.
             */
            grpc?: {
              /**
               * The port.
               */
              port: number
              /**
               * The service that is asked for.
               */
              service?: string
            }
            /**
             * Runs a command in the sidecar.
             */
            exec?: {
              /**
               * As in core/v1 Container.
               *
               * @maxItems 64
               */
              command: string[]
            }
            /**
             * As in core/v1 Probe.
             */
            initialDelaySeconds?: number
            /**
             * As in core/v1 Probe.
             */
            periodSeconds?: number
            /**
             * As in core/v1 Probe.
             */
            timeoutSeconds?: number
            /**
             * As in core/v1 Probe.
             */
            failureThreshold?: number
          }
          /**
           * As in core/v1 Probe; addresses other than the pod's own are not taken.
           */
          livenessProbe?: {
            /**
             * Asks a path of the sidecar.
             */
            httpGet?: {
              /**
               * The path.
               */
              path?: string
              /**
               * Number or name of a port.
               */
              port: number | string
              /**
               * How to ask.
               */
              scheme?: 'HTTP' | 'HTTPS'
            }
            /**
             * Opens a connection.
             */
            tcpSocket?: {
              /**
               * Number or name of a port.
               */
              port: number | string
            }
            /**
             * Calls grpc.health.v1.Health.
             */
            grpc?: {
              /**
               * The port.
               */
              port: number
              /**
               * The service that is asked for.
               */
              service?: string
            }
            /**
             * Runs a command in the sidecar.
             */
            exec?: {
              /**
               * As in core/v1 Container.
               *
               * @maxItems 64
               */
              command: string[]
            }
            /**
             * As in core/v1 Probe.
             */
            initialDelaySeconds?: number
            /**
             * As in core/v1 Probe.
             */
            periodSeconds?: number
            /**
             * As in core/v1 Probe.
             */
            timeoutSeconds?: number
            /**
             * As in core/v1 Probe.
             */
            failureThreshold?: number
          }
          /**
           * The sidecar's user, and whether its root file system may be written. Everything else is as the restricted Pod Security standard asks.
           */
          securityContext?: {
            /**
             * Default is 10001.
             */
            runAsUser?: number
            /**
             * Default is 10001.
             */
            runAsGroup?: number
            /**
             * Default is true.
             */
            readOnlyRootFilesystem?: boolean
          }
        }[]
        /**
         * Labels a node must have.
         */
        nodeSelector?: {
          [k: string]: string
        }
        /**
         * As in core/v1 PodSpec.
         *
         * @maxItems 64
         */
        tolerations?: {
          [k: string]: unknown
        }[]
        /**
         * As in core/v1 PodSpec.
         */
        affinity?: {
          [k: string]: unknown
        }
        /**
         * As in core/v1 PodSpec.
         *
         * @maxItems 16
         */
        topologySpreadConstraints?: {
          [k: string]: unknown
        }[]
        /**
         * RuntimeClass of the pods, such as nvidia.
         */
        runtimeClassName?: string
        /**
         * PriorityClass of the pods; never one that begins with system-.
         */
        priorityClassName?: string
        /**
         * Secrets for pulling the server image.
         *
         * @maxItems 16
         */
        imagePullSecrets?: {
          /**
           * Name of the Secret.
           */
          name: string
        }[]
      }
    }
    /**
     * How many pods serve; default 1. `kubectl scale` sets it. The chart value limits.maxReplicas is the most.
     */
    replicas?: number
    /**
     * A HorizontalPodAutoscaler (autoscaling/v2) instead of a fixed number of replicas.
     */
    autoscaling?: {
      /**
       * Fewest pods. With 0 the model sleeps while nobody asks it anything, and the first request wakes it; that needs the gateway (chart value gateway.enabled), which holds requests meanwhile.
       */
      minReplicas?: number
      /**
       * Most pods; at most the chart value limits.maxReplicas.
       */
      maxReplicas: number
      /**
       * With minReplicas: 0, seconds without a request after which the model sleeps; default is 300.
       */
      idleSeconds?: number
      /**
       * As in autoscaling/v2; default is 70 % of the requested CPU.
       *
       * @maxItems 32
       */
      metrics?: {
        [k: string]: unknown
      }[]
      /**
       * As in autoscaling/v2.
       */
      behavior?: {
        [k: string]: unknown
      }
      /**
       * A ScaledObject of KEDA (keda.sh/v1alpha1) instead of a HorizontalPodAutoscaler; KEDA makes that itself. Needs the chart value keda.enabled.
       */
      keda?: {
        /**
         * As in a ScaledObject. TriggerAuthentications that they name have to be listed in the chart value keda.triggerAuthentications.
         *
         * @minItems 1
         * @maxItems 16
         */
        triggers: {
          [k: string]: unknown
        }[]
        /**
         * Seconds between two looks at the triggers; KEDA's default is 30.
         */
        pollingInterval?: number
        /**
         * As in a ScaledObject; how many pods there are while a trigger does not answer.
         */
        fallback?: {
          [k: string]: unknown
        }
      }
    }
    /**
     * The volume that keeps the model's versions.
     */
    storage?: {
      /**
       * Where versions are kept. PersistentVolume, the default: on a claim, imported once for all pods. Ephemeral: each pod imports its version into a folder of its own (emptyDir), for clusters without storage; the first import fixes the id and the digest of a version, and a pod that finds other files is not ready. ImageVolume: the same, from an image with the folder /models that the kubelet pulls and mounts; the nodes need a container runtime with image volumes.
       */
      mode?: 'PersistentVolume' | 'Ephemeral' | 'ImageVolume'
      /**
       * Size of the PersistentVolumeClaim, and the most that a source may unpack to. A volume grows where its StorageClass allows it, and never shrinks.
       */
      size?: string
      /**
       * StorageClass of the claim; default is the cluster's default class.
       */
      storageClassName?: string
      /**
       * Access modes of the claim. ReadWriteOnce works on every StorageClass and keeps all pods on one node; use ReadWriteMany to serve from several nodes.
       *
       * @minItems 1
       * @maxItems 4
       */
      accessModes?: ('ReadWriteOnce' | 'ReadWriteMany')[]
      /**
       * Encrypts the files of new versions on the volume (AES-256-GCM), and opens them in the memory of the pods. The entries of the Secret are keys, each 32 bytes in base64; entries other than `key` open earlier versions. A model that is there is imported again when this is set or removed.
       */
      encryptionKeySecretRef?: {
        /**
         * Name of the Secret, in the same namespace.
         */
        name: string
        /**
         * The entry that encrypts. Another one is taken over without an import: the keys of all versions are wrapped anew, and status.versions says by which.
         */
        key: string
      }
      /**
       * How imports run that bring versions to the volume.
       */
      import?: {
        /**
         * CPU and memory of an import's pod, key by key. Default: the chart value imports.resources. What is changed here starts a failed import again.
         */
        resources?: {
          /**
           * Quantities by resource name.
           */
          requests?: {
            [k: string]: number | string
          }
          /**
           * Quantities by resource name.
           */
          limits?: {
            [k: string]: number | string
          }
        }
        /**
         * A ServiceAccount of the same namespace that the import's pod runs as, such as one with a role of a cloud that may read the source. The chart value podTemplate.allow.serviceAccounts has to list it. Default is that of the model, which the operator makes.
         */
        serviceAccountName?: string
        /**
         * Certificates (PEM) of further authorities that may have signed the certificate of the source's host. Default: the chart value imports.caBundle.
         */
        caBundle?: {
          /**
           * A ConfigMap of the same namespace.
           */
          configMapRef: {
            /**
             * Name of the ConfigMap.
             */
            name: string
          }
          /**
           * Its key with the certificates.
           */
          key?: string
        }
      }
    }
    /**
     * What the model may cost. Beyond it, the condition OverBudget is True. An autoscaler makes no more pods than it allows, and never fewer than its minReplicas. Needs the price sheet of the installation; see docs/cost.md.
     */
    budget?: {
      /**
       * Money for an hour in the currency of the price sheet, such as "5.00"; up to six digits behind the point.
       */
      hourly: string
    }
    /**
     * How many versions stay on the volume, beside those of spec.model.keep; never removes one that serves.
     */
    versionHistoryLimit?: number
    /**
     * Leaves everything as it is until it is false again.
     */
    suspend?: boolean
  }
  /**
   * What was last seen. Written by the operator.
   */
  status?: {
    /**
     * The generation of the spec that this status speaks of.
     */
    observedGeneration?: number
    /**
     * Ready, Reconciling and Stalled (kstatus), and Imported, Optimized (with spec.optimize), Evaluated (with spec.evaluate), Available, AcceleratorActive, Degraded, Suspended, OverBudget (with spec.budget), InputDrift (where pods have a reference). The reason of each is also the reason of the Event that announced it.
     */
    conditions?: {
      /**
       * Name of the condition.
       */
      type: string
      /**
       * Whether it holds.
       */
      status: 'True' | 'False' | 'Unknown'
      /**
       * Why, in one CamelCase word.
       */
      reason: string
      /**
       * Why, in a sentence that says what to do next.
       */
      message: string
      /**
       * The generation that it speaks of.
       */
      observedGeneration?: number
      /**
       * When its status last changed.
       */
      lastTransitionTime: string
    }[]
    /**
     * The release of Gantry that looks after this ModelDeployment, as NAMESPACE/RELEASE. Other releases leave the object alone, and take it over when the Lease of that release is deleted or has not been renewed for five minutes.
     */
    managedBy?: string
    /**
     * Where the model answers inside the cluster.
     */
    url?: string
    /**
     * Id of the version that serves.
     */
    activeVersion?: string
    /**
     * The versions on the volume, newest last.
     */
    versions?: {
      /**
       * v_YYYYMMDD_HHMMSS, the UTC time of the import.
       */
      id: string
      /**
       * spec.model.version at the time of the import.
       */
      label?: string
      /**
       * Hash of the source and label it was imported from, or of its parent and what was done to it.
       */
      revision: string
      /**
       * Where it was imported from; of an address without user, password, query and fragment.
       */
      source: string
      /**
       * sha256 over the version's files, `sha256:…`.
       */
      digest: string
      /**
       * The entry of the Secret of spec.storage.encryptionKeySecretRef that opens it; absent where its files are not encrypted.
       */
      encryptionKey?: string
      /**
       * Size of its files in bytes.
       */
      sizeBytes: number
      /**
       * When it was imported.
       */
      createdAt: string
      /**
       * With spec.storage.mode: Ephemeral, spec.model.source as it was when the version was imported: pods that start later import it again from there.
       */
      importedFrom?: {
        [k: string]: unknown
      }
      /**
       * sha256 over what else its metadata.json says that decides about answers, its task, chosen graph and proofs of rows, `sha256:…`.
       */
      recordDigest?: string
      /**
       * What the source itself called the content that was brought, such as a commit, the digest of a manifest or an ETag.
       */
      sourceRevision?: string
      /**
       * The signature of the source that was verified before anything of it was kept.
       */
      signature?: {
        /**
         * Fingerprint of the public key, sha256 over it as PEM, `sha256:…`.
         */
        key: string
        /**
         * How many files it names; all of them were there, and no other.
         */
        files: number
        /**
         * Digest over the digests of all these files, `sha256:…`.
         */
        digest: string
      }
      /**
       * The object that asked for the version first.
       */
      requestedBy?: {
        /**
         * Its metadata.uid.
         */
        uid: string
        /**
         * Its metadata.generation at the time.
         */
        generation: number
        /**
         * Its namespace.
         */
        namespace: string
        /**
         * Its name.
         */
        name: string
      }
      /**
       * Versions of the programs that checked and made it.
       */
      tools?: {
        /**
         * Version of Gantry.
         */
        gantry: string
        /**
         * The version that its graphs were checked for.
         */
        onnxruntime: string
        /**
         * Version of the optimizer that made it from its parent.
         */
        optimizer?: string
      }
      /**
       * What became of it, oldest first: when it began to serve or to be tried, and when and why it stopped. Lines are only added; of more than 16 the first and the newest stay.
       *
       * @maxItems 16
       */
      rollout?: {
        /**
         * When.
         */
        at: string
        /**
         * Serving answers requests, Canary is tried beside the one that serves, RolledBack was taken back, Failed gets no traffic, Replaced does not serve any more.
         */
        what: 'Serving' | 'Canary' | 'RolledBack' | 'Failed' | 'Replaced'
        /**
         * The sentence that status told at the time.
         */
        why?: string
      }[]
      /**
       * Imported is on the volume, Optimizing is what a version is being made from, Evaluating is measured before it gets any traffic, Failed was beyond a limit of spec.evaluate or spec.optimize, Canary is being tried, RolledBack was tried and taken back, Serving answers requests.
       */
      phase: 'Imported' | 'Optimizing' | 'Evaluating' | 'Failed' | 'Canary' | 'RolledBack' | 'Serving'
      /**
       * Names of its classes, where the candidate of a ModelEvaluation that it came from gives them. spec.model.labels goes first.
       *
       * @maxItems 1000
       */
      labels?: string[]
      /**
       * When it answered requests for the first time. Such a version is not held back by spec.evaluate and spec.optimize any more.
       */
      firstServedAt?: string
      /**
       * What it holds where it has no graph: a model of another library. It is not served; spec.optimize.export makes a version of it that is.
       */
      input?: {
        /**
         * The library, scikit-learn, xgboost, lightgbm, catboost, pytorch or hugging-face.
         */
        format: string
        /**
         * Its file. Absent where the whole folder is the model.
         */
        file?: string
      }
      /**
       * Id of the version that spec.optimize made it from. It stays on the volume as long as this one does.
       */
      parent?: string
      /**
       * How it was made from its parent, and how the two compare.
       */
      optimization?: {
        /**
         * The steps that were taken.
         */
        recipe: {
          /**
           * A graph was made of the model of another library.
           */
          export?: {
            /**
             * Whether answers to rows with missing numbers were compared.
             */
            missingValues: boolean
          }
          /**
           * How small the student was to be, and how long it could learn.
           */
          distill?: {
            /**
             * Share of the layers that was to stay.
             */
            layers: number
            /**
             * Share of neurons, channels and heads that was to stay.
             */
            width: number
            /**
             * Most times that it could learn from each sample.
             */
            epochs: number
            /**
             * Most seconds of training.
             */
            seconds: number
            /**
             * Decided the order of samples.
             */
            seed: number
          }
          /**
           * How far operators were merged.
           */
          graph?: string
          /**
           * Which weights were taken away.
           */
          prune?: {
            /**
             * The method.
             */
            method: string
            /**
             * Share that was to go.
             */
            ratio: number
            /**
             * Whether attention heads were to go, too.
             */
            heads?: boolean
          }
          /**
           * Number format of the weights.
           */
          quantize?: string
        }
        /**
         * How much worse than its parent it was allowed to be when it was made.
         */
        aim?: number
        /**
         * Size of the graph with its weights, in bytes.
         */
        sizeBytes: {
          /**
           * That of the parent.
           */
          before: number
          /**
           * That of this version.
           */
          after: number
        }
        /**
         * How its answers differ from those of its parent, as the inference server measured it on the CPU, or the exporter where the parent has no graph.
         */
        agreement?: {
          /**
           * Whether the inputs were samples of a data set, or generated, which says less.
           */
          inputs: string
          /**
           * How many.
           */
          samples: number
          /**
           * Share of the answers that are the same, 0 to 1.
           */
          sameAnswers: number
          /**
           * Largest absolute difference of a value of an output.
           */
          largestDifference: number
          /**
           * Mean of the absolute differences.
           */
          meanDifference: number
          /**
           * The library that answered for a parent without a graph, with its version.
           */
          library?: string
        }
        /**
         * Why the answers could not be compared.
         */
        agreementUnknown?: string
        /**
         * Latency of the parent by that of this version on the CPU, measured when the folder was checked.
         */
        speedup?: number
        /**
         * A sentence for each step.
         *
         * @maxItems 8
         */
        steps?: string[]
        /**
         * Paired test against the parent, on the same samples of spec.evaluate and the same node.
         */
        comparison?: {
          /**
           * The metric that counts as accuracy.
           */
          metric: string
          /**
           * Value of the metric less that of the parent.
           */
          difference: number
          /**
           * Lower and upper bound of its 95 % bootstrap interval.
           *
           * @maxItems 2
           */
          interval: number[]
          /**
           * Chance of a difference at least as large where there is none.
           */
          pValue: number
          /**
           * Samples that both answered.
           */
          samples: number
          /**
           * p95 of the parent by that of this version, one request at a time.
           */
          speedup: number
          /**
           * What both ran on, cuda or cpu; cpu where one of them did.
           */
          accelerator?: string
        }
        /**
         * Why it could not be compared with its parent.
         */
        notCompared?: string
        /**
         * Whether it is no worse than spec.optimize allows.
         */
        passed?: boolean
        /**
         * The numbers, in a sentence.
         */
        message?: string
      }
      /**
       * What spec.evaluate has measured of it.
       */
      evaluation?: {
        /**
         * Hash of what was asked, and hash of what it was measured with and compared with.
         */
        measurement: string
        /**
         * The metric that counts as accuracy.
         */
        metric: string
        /**
         * Its value; absent where this model has no such metric.
         */
        value?: number
        /**
         * Lower and upper bound of its 95 % bootstrap interval.
         *
         * @maxItems 2
         */
        interval?: number[]
        /**
         * All metrics by their names.
         */
        metrics: {
          [k: string]: number
        }
        /**
         * Time of 95 % of the requests, one at a time, in milliseconds.
         */
        p95Ms: number
        /**
         * Most samples answered in a second, over all concurrencies.
         */
        throughputPerSecond: number
        /**
         * Cost of the model's pods in an hour, by the price sheet.
         */
        hourlyCost?: string
        /**
         * The node that it was measured on.
         */
        node?: string
        /**
         * The data that it was measured on.
         */
        dataset: {
          /**
           * Where they came from; of an address without user, password, query and fragment.
           */
          source: string
          /**
           * sha256 of the data, `sha256:…`.
           */
          digest: string
          /**
           * How many samples were used.
           */
          samples: number
        }
        /**
         * Paired test against the version that served, on the same samples.
         */
        comparison?: {
          /**
           * Id of that version.
           */
          with: string
          /**
           * Value of the metric less that of the other version.
           */
          difference: number
          /**
           * Lower and upper bound of its 95 % bootstrap interval.
           *
           * @maxItems 2
           */
          interval: number[]
          /**
           * Chance of a difference at least as large where there is none.
           */
          pValue: number
          /**
           * Samples that both answered.
           */
          samples: number
        }
        /**
         * Why it could not be compared with the version that served.
         */
        notCompared?: string
        /**
         * When the measurement ended.
         */
        evaluatedAt?: string
        /**
         * Whether it is within all limits of spec.evaluate.
         */
        passed?: boolean
        /**
         * The numbers, in a sentence.
         */
        message?: string
      }
    }[]
    /**
     * The version that is being tried, as spec.rollout asks for it.
     */
    canary?: {
      /**
       * Id of the version.
       */
      version: string
      /**
       * Hash of the version and of how it is tried.
       */
      revision: string
      /**
       * Id of the version that it is compared with.
       */
      stable?: string
      /**
       * Names this try in what gateways count.
       */
      run: string
      /**
       * Starting has no requests yet, Progressing has its share, Promoting takes the place of the version that served.
       */
      phase: 'Starting' | 'Progressing' | 'Promoting'
      /**
       * Which of spec.rollout.steps it is, from 1; 0 before the first.
       */
      step: number
      /**
       * Percent of the requests that go to it.
       */
      weight: number
      /**
       * How long the step has lasted, pauses left out.
       */
      heldSeconds: number
      /**
       * Until when heldSeconds counts.
       */
      seenAt: string
      /**
       * Whether the annotation gantry.dev/rollout pauses it.
       */
      paused: boolean
      /**
       * Milliseconds above which an answer of the version that serves is slow; the canary's are above that and latencyMargin.
       */
      slowMs?: number
      /**
       * What was seen, and what could not have been seen.
       */
      message?: string
      /**
       * What gateways have counted so far.
       */
      tally: {
        /**
         * Processes of gateways that count.
         *
         * @maxItems 32
         */
        sources: {
          instance: string
          startedAt: string
          ordinal: number
          /**
           * @maxItems 11
           */
          steps: {
            step: number
            stable: {
              requests: number
              errors: number
              slow: number
              overLimit: number
            }
            canary: {
              requests: number
              errors: number
              slow: number
              overLimit: number
            }
            shadow: {
              copies: number
              disagreements: number
            }
          }[]
        }[]
        /**
         * Sums of processes that are gone.
         *
         * @maxItems 11
         */
        retired: {
          step: number
          stable: {
            requests: number
            errors: number
            slow: number
            overLimit: number
          }
          canary: {
            requests: number
            errors: number
            slow: number
            overLimit: number
          }
          shadow: {
            copies: number
            disagreements: number
          }
        }[]
        /**
         * Processes that are gone, the last ones.
         *
         * @maxItems 32
         */
        retiredSources: string[]
        /**
         * How many processes have counted.
         */
        sourcesSeen: number
      }
    }
    /**
     * With spec.autoscaling.minReplicas: 0, what is remembered of the model's sleep; left out where there is nothing to remember.
     */
    sleep?: {
      /**
       * Since when it has had no pods; left out while it is awake.
       */
      since?: string
      /**
       * The idle time in force. It is longer than spec.autoscaling.idleSeconds after requests have woken the model soon after it had fallen asleep.
       */
      idleSeconds?: number
    }
    /**
     * The port of the gateway that leads to this model alone, while the gateway stands in its path. The model's Service leads there then, and the address of the model stays what it is.
     */
    gatewayPort?: number
    /**
     * The version that was tried last and taken back. It is not tried again before spec.rollout or the version changes, or the annotation `gantry.dev/rollout: resume@VERSION` is set.
     */
    rejectedRevision?: {
      /**
       * Id of the version.
       */
      version: string
      /**
       * Hash of the version and of how it was tried.
       */
      revision: string
      /**
       * CanaryWorse, or CanaryAborted by a user.
       */
      reason: 'CanaryWorse' | 'CanaryAborted'
      /**
       * What was seen.
       */
      message: string
      /**
       * Id of the version before, while pods of the rejected one are still being replaced by its pods.
       */
      returnsTo?: string
      /**
       * The annotation gantry.dev/rollout as it was seen last; only another one tries the version again.
       */
      annotation?: string
    }
    /**
     * The candidate that spec.model.source.evaluationRef stands for.
     */
    winner?: {
      /**
       * Name of the ModelEvaluation.
       */
      evaluation: string
      /**
       * Name of the candidate, or of the variant whose recipe is taken.
       */
      candidate: string
      /**
       * Hash of its source and of the label, as status.versions has it.
       */
      revision: string
      /**
       * The recipe of the variant, such as `int8-dynamic`, which takes the place of spec.optimize.
       */
      recipe?: string
      /**
       * Revision of the version that the recipe made, once it may serve.
       */
      optimizedRevision?: string
    }
    /**
     * What the model costs for an hour, by the price sheet. It is written again when a part has changed by a tenth of the total.
     */
    cost?: {
      /**
       * Currency of the price sheet.
       */
      currency: string
      /**
       * Storage.
       */
      base: number
      /**
       * Requests, as many as in the last hour.
       */
      inference: number
      /**
       * The share of its nodes that the pods ask for, and their GPUs.
       */
      hardware: number
      /**
       * Their sum.
       */
      total: number
    }
    /**
     * How much of the source has been read, while an import runs that says so. It is looked at every ten seconds.
     */
    import?: {
      /**
       * Bytes that have come.
       */
      bytes: number
      /**
       * Bytes of the whole source, where it says them.
       */
      totalBytes?: number
      /**
       * Percent of totalBytes.
       */
      percent?: number
    }
    /**
     * What condition InputDrift tells of the version that serves. Absent while nothing is judged. A value is written again when it has changed by half.
     */
    drift?: {
      /**
       * Id of the version whose requests are compared.
       */
      version: string
      /**
       * The features that drift, the furthest first; none where requests look like the data of the evaluation.
       *
       * @maxItems 64
       */
      features: {
        /**
         * An input, an output, or a figure of one, as gantry_drift names it.
         */
        name: string
        /**
         * psi is the population stability index, distance that of mean vectors.
         */
        statistic: 'psi' | 'distance'
        /**
         * How far it is, less what chance gives; above 0.2 a feature drifts, and until it is below 0.1.
         */
        value: number
        /**
         * When it was first seen to drift.
         */
        since: string
      }[]
    }
    /**
     * Pods that exist.
     */
    replicas?: number
    /**
     * Pods that are ready.
     */
    readyReplicas?: number
    /**
     * Label selector of the pods, for the scale subresource.
     */
    selector?: string
  }
}
