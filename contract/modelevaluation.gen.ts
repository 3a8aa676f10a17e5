/** Generated from crds/ by scripts/generate.ts; change the CRD, not this file. */

/**
 * A ModelEvaluation measures candidates on the same data and ranks them by accuracy, cost and throughput.
 */
export interface ModelEvaluation {
  /**
   * The version of this representation of an object.
   */
  apiVersion?: string
  /**
   * The kind of this object, ModelEvaluation.
   */
  kind?: string
  /**
   * What is measured, on what data, and what counts.
   */
  spec: {
    /**
     * What a candidate must be able to do: `true` requires it, `false` does not. A candidate can do what its task says (text_generation, question_answering, translation, code_generation, multimodal, …), and what its capabilities list.
     */
    requirements?: {
      [k: string]: boolean
    }
    /**
     * The models to compare. Each is measured by a Job of its own.
     *
     * @minItems 1
     * @maxItems 16
     */
    candidates: {
      /**
       * Name of the candidate in the results.
       */
      name: string
      /**
       * What the server does around the model, as spec.model.task of a ModelDeployment.
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
       * Where the model's files come from, as spec.model.source of a ModelDeployment. Exactly one of its kinds is set.
       */
      source: {
        /**
         * `https://…` or `http://…` for one .onnx file or one .tar, .tar.gz or .tgz archive; `pvc://CLAIM/PATH` for a folder or file on a PersistentVolumeClaim of the same namespace; `file:///PATH` for a path in the pod that evaluates (development only, refused unless the operator allows it).
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
         * The .onnx file of the source that is the model, such as `onnx/model_quantized.onnx`; relative to the folder, or to what an archive holds. Default is model.onnx, onnx/model.onnx, or the only one there. Other graphs are then not kept.
         */
        file?: string
        /**
         * Digest of the one file that uri names, checked before anything is committed to the volume.
         */
        sha256?: string
        /**
         * A Secret of the same namespace with the download's credentials: key `token` (sent as a bearer token), or `username` and `password` (HTTP basic); and key `hosts`, which names the hosts they may be sent to, such as `models.example.com, models.example.com:8443`. They are sent over https only, unless the operator allows http.
         */
        secretRef?: {
          /**
           * Name of the Secret.
           */
          name: string
        }
      }
      /**
       * Names of the classes in the order of the model's output; default is labels.json or config.json of the model's folder.
       *
       * @minItems 1
       * @maxItems 1000
       */
      labels?: string[]
      /**
       * What the candidate can do beyond its task, as requirements name it.
       *
       * @maxItems 32
       */
      capabilities?: string[]
      /**
       * The recipe by which the model is made smaller or faster before it is measured, as spec.optimize of a ModelDeployment. It takes the place of spec.variants.optimize for this candidate.
       */
      optimize?: {
        /**
         * Always refused: no evaluation exports a model of another library. spec.optimize.export of a ModelDeployment does.
         */
        export?: {
          [k: string]: unknown
        }
        /**
         * Always refused: a student takes minutes to hours to train, and no evaluation trains one. spec.optimize.distill of a ModelDeployment does.
         */
        distill?: {
          [k: string]: unknown
        }
        /**
         * How far operators are merged. Absent is `none`.
         */
        graph?: 'none' | 'basic' | 'all'
        /**
         * Takes weights away.
         */
        prune?: {
          /**
           * As spec.optimize.prune.method of a ModelDeployment.
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
         * Number format of the weights. Absent is `none`.
         */
        quantize?: 'none' | 'int8-dynamic' | 'int8-static' | 'int4' | 'fp16'
      }
    }[]
    /**
     * Labelled samples, `{"inputs": …, "label": …}` a line, or CSV with a column `label`. Exactly one of uri and configMapRef is set.
     */
    dataset: {
      /**
       * `https://…` or `http://…` for one .jsonl or .csv file, or an archive that also has the pictures; `pvc://CLAIM/PATH`; `file:///PATH` (development only).
       */
      uri?: string
      /**
       * A ConfigMap of the same namespace whose keys are the files.
       */
      configMapRef?: {
        /**
         * Name of the ConfigMap.
         */
        name: string
      }
      /**
       * A Secret of the same namespace with the download's credentials, as spec.model.source.secretRef of a ModelDeployment.
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
     * The metric that counts as accuracy in the score. All metrics of the task are measured; see docs/evaluation-data.md.
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
     * Requests in flight, measured one after another; 1 is always measured.
     *
     * @minItems 1
     * @maxItems 8
     */
    concurrencies?: number[]
    /**
     * Requests that the model will get in an hour, for the cost.
     */
    expectedRequestsPerHour?: number
    /**
     * Weights of the score; they sum to 1.
     */
    weights?: {
      /**
       * Weight of the metric.
       */
      accuracy?: number
      /**
       * Weight of the cost.
       */
      cost?: number
      /**
       * Weight of the throughput.
       */
      throughput?: number
    }
    /**
     * How cost is computed: size in GB x basePerGb + requests per hour x perRequest + size in GB x hardwarePerGb; or from a price sheet.
     */
    costModel?: {
      /**
       * Base cost of a GB of the model; default 0.01.
       */
      basePerGb?: number
      /**
       * Hardware cost of a GB of the model; default 0.05.
       */
      hardwarePerGb?: number
      /**
       * Cost of a request; default 0.002.
       */
      perRequest?: number
      /**
       * A price sheet; see docs/cost.md.
       */
      prices?: {
        /**
         * A ConfigMap of the same namespace with the key `prices.yaml`.
         */
        configMapRef: {
          /**
           * Name of the ConfigMap.
           */
          name: string
        }
      }
    }
    /**
     * What ranks the candidates. `normalized` takes throughput and cost relative to the best candidate. `comprehensive` is accuracy x weight + (1 - cost / 100) x weight + throughput x weight, where throughput has no bound. Both are in the results.
     */
    score?: 'normalized' | 'comprehensive'
    /**
     * How candidates are served while they are measured; as spec.serve of a ModelDeployment.
     */
    serve?: {
      /**
       * As spec.serve.device of a ModelDeployment; `gpu` also requests a GPU.
       */
      device?: 'auto' | 'gpu' | 'cpu'
      /**
       * The extended resource that each Job requests.
       */
      gpu?: {
        /**
         * Name of the extended resource.
         */
        resource?: string
        /**
         * How many of it.
         */
        count?: number
      }
      /**
       * Intra-op threads of one inference.
       */
      threads?: number
      /**
       * Most rows in a batch.
       */
      maxRows?: number
      /**
       * Requests and limits of the container that measures.
       */
      resources?: {
        /**
         * Amounts by the names of resources.
         */
        requests?: {
          [k: string]: number | string
        }
        /**
         * Amounts by the names of resources.
         */
        limits?: {
          [k: string]: number | string
        }
      }
    }
    /**
     * Ways to serve each candidate. All combinations of all candidates together are measured, at most 16, each in full by a Job of its own. `npm run evaluate -- --file` searches up to 64: each round measures more carefully, and the worse half of it is dropped.
     */
    variants?: {
      /**
       * Recipes, as candidates[].optimize; `{}` is the model as it is. Default is `[{}]`.
       *
       * @minItems 1
       * @maxItems 8
       *
       * Items: A recipe.
       */
      optimize?: {
        /**
         * Always refused: no evaluation exports a model of another library. spec.optimize.export of a ModelDeployment does.
         */
        export?: {
          [k: string]: unknown
        }
        /**
         * Always refused: a student takes minutes to hours to train, and no evaluation trains one. spec.optimize.distill of a ModelDeployment does.
         */
        distill?: {
          [k: string]: unknown
        }
        /**
         * How far operators are merged. Absent is `none`.
         */
        graph?: 'none' | 'basic' | 'all'
        /**
         * Takes weights away.
         */
        prune?: {
          /**
           * As spec.optimize.prune.method of a ModelDeployment.
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
         * Number format of the weights. Absent is `none`.
         */
        quantize?: 'none' | 'int8-dynamic' | 'int8-static' | 'int4' | 'fp16'
      }[]
      /**
       * Intra-op threads of one inference. Default is spec.serve.threads.
       *
       * @minItems 1
       * @maxItems 8
       */
      threads?: number[]
      /**
       * Most rows in a batch. Default is spec.serve.maxRows.
       *
       * @minItems 1
       * @maxItems 8
       */
      maxRows?: number[]
    }
    /**
     * What the winner is chosen by, in place of the score. status.chosen says why.
     */
    objective?: {
      /**
       * `cost` per hour, `latency` (p95 of one request at a time) or `size` of the files.
       */
      minimize: 'cost' | 'latency' | 'size'
      /**
       * What the winner has to meet.
       */
      subjectTo?: {
        /**
         * Most milliseconds of the 95th percentile of the latency, one request at a time.
         */
        p95Ms?: number
        /**
         * By how much the metric may be worse than that of the same candidate as it is, in the unit of the metric, on the same samples.
         */
        accuracyDrop?: number
      }
    }
    /**
     * Longest time that the measurement of one candidate may take, such as `10m`; its download is not counted.
     */
    timeBudget?: string
    /**
     * Whether nothing new is started.
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
     * Ready, Reconciling and Stalled (kstatus), and Evaluated. The reason of each is also the reason of the Event that announced it.
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
     * The release of Gantry that looks after this ModelEvaluation, as NAMESPACE/RELEASE. Other releases leave the object alone, and take it over when the Lease of that release is deleted or has not been renewed for five minutes.
     */
    managedBy?: string
    /**
     * Name of the best eligible candidate. With spec.objective, it is the chosen one.
     */
    winner?: string
    /**
     * What spec.objective chose.
     */
    chosen?: {
      /**
       * Name of the candidate or variant; absent where none meets spec.objective.subjectTo.
       */
      name?: string
      /**
       * Why, in a sentence.
       */
      reason: string
    }
    /**
     * The data that were used.
     */
    dataset?: {
      /**
       * Where they came from, without credentials.
       */
      source: string
      /**
       * sha256 of the file, or of the folder.
       */
      digest: string
      /**
       * Samples that were used.
       */
      samples: number
      /**
       * Samples that the source has.
       */
      total: number
    }
    /**
     * The candidates that were measured and are eligible, best first.
     *
     * @maxItems 64
     */
    results?: {
      /**
       * Name of the candidate or variant.
       */
      name: string
      /**
       * Whether it meets the requirements.
       */
      eligible: boolean
      /**
       * sha256 of the model's files.
       */
      digest?: string
      /**
       * Size of the model's files in bytes.
       */
      sizeBytes?: number
      /**
       * Values by the names of metrics.
       */
      metrics: {
        [k: string]: number
      }
      /**
       * 95 % bootstrap intervals by the names of metrics.
       */
      intervals?: {
        /**
         * @minItems 2
         * @maxItems 2
         */
        [k: string]: number[]
      }
      /**
       * What a warm server of the model did.
       */
      performance: {
        /**
         * Mean latency of a request alone, in milliseconds.
         */
        meanMs?: number
        /**
         * Median latency in milliseconds.
         */
        p50Ms?: number
        /**
         * 95th percentile of the latency in milliseconds.
         */
        p95Ms?: number
        /**
         * 99th percentile of the latency in milliseconds.
         */
        p99Ms?: number
        /**
         * Samples answered per second, at the concurrency where that was most.
         */
        throughputPerSecond?: number
        /**
         * From the start of the server to its first ready answer, in milliseconds.
         */
        loadMs?: number
        /**
         * Energy, where the processor's or GPU's counters can be read.
         */
        joulesPerInference?: number
        /**
         * Most memory of the server's process, in bytes.
         */
        peakMemoryBytes?: number
        /**
         * The same for each number of requests in flight.
         *
         * @maxItems 9
         */
        byConcurrency?: {
          /**
           * Requests in flight.
           */
          concurrency: number
          /**
           * Samples answered per second, median of the rounds.
           */
          throughputPerSecond: number
          /**
           * Half the range of the rounds between their quartiles, as a share of their median.
           */
          spread: number
          /**
           * Median latency in milliseconds.
           */
          p50Ms?: number
          /**
           * 95th percentile of the latency in milliseconds.
           */
          p95Ms?: number
          /**
           * 99th percentile of the latency in milliseconds.
           */
          p99Ms?: number
          /**
           * Mean latency in milliseconds.
           */
          meanMs?: number
        }[]
      }
      /**
       * Where it was measured, and with what.
       */
      hardware?: {
        /**
         * Model name of the processor.
         */
        processor?: string
        /**
         * Processors that the container may use.
         */
        cores?: number
        /**
         * Memory in bytes.
         */
        memoryBytes?: number
        /**
         * What the sessions ran on.
         */
        accelerator?: string
        /**
         * Name of the GPU.
         */
        gpu?: string
        /**
         * Name of the node.
         */
        node?: string
        /**
         * Version of onnxruntime.
         */
        onnxruntime?: string
        /**
         * Version of the inference server.
         */
        server?: string
      }
      /**
       * Cost per hour.
       */
      cost: {
        /**
         * Cost of keeping the model.
         */
        base: number
        /**
         * Cost of the requests.
         */
        inference: number
        /**
         * Cost of what it runs on.
         */
        hardware: number
        /**
         * Their sum.
         */
        total: number
      }
      /**
       * The score by both formulas.
       */
      score: {
        /**
         * accuracy x weight + (1 - cost / 100) x weight + throughput x weight.
         */
        comprehensive?: number
        /**
         * The same with throughput and cost relative to the best candidate.
         */
        normalized: number
      }
    }[]
    /**
     * The candidates that do not count, and why.
     *
     * @maxItems 64
     */
    ineligible?: {
      /**
       * Name of the candidate.
       */
      name: string
      /**
       * A sentence each.
       *
       * @maxItems 40
       */
      reasons: string[]
    }[]
    /**
     * Names of the candidates that no other one beats in accuracy, cost and throughput at once.
     *
     * @maxItems 64
     */
    pareto?: string[]
    /**
     * How many candidates are measured, such as 2/5.
     */
    progress?: string
  }
}
