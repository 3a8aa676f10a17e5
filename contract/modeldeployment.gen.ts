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
   * What is wished.
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
         * `https://…` or `http://…` for one .onnx file or one .tar, .tar.gz or .tgz archive; `pvc://CLAIM/PATH` for a folder or file on a PersistentVolumeClaim of the same namespace; `file:///PATH` for a path in the import pod (development only, refused unless the operator allows it).
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
       * Your label for this version; changing it imports the source again. The id of a version in status.versions goes back to that version without a new import.
       */
      version?: string
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
         * Whose requests share a run. auto: those of models whose rows are proven independent from the graph. independent: also where it could not be proven, on your word; rows that are seen to depend on each other never do. alone: nobody's.
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
       * Who may ask. Without it, whoever the NetworkPolicy lets through.
       */
      auth?: {
        /**
         * A Secret of the same namespace; each of its keys holds one API key of at least 16 characters, called after whoever uses it. Changes take effect within about a minute, without a restart.
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
       * Scheduling and labelling of the pods, passed through where the operator's installation allows it (chart value podTemplate.allow); anything else is PodTemplateNotAllowed.
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
         * Variables of the serving pods, with plain values, as far as the chart value podTemplate.allow.env names them.
         *
         * @maxItems 32
         */
        env?: {
          /**
           * Name of the variable.
           */
          name: string
          /**
           * Its value, as it is.
           */
          value: string
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
       * Fewest pods.
       */
      minReplicas?: number
      /**
       * Most pods; at most the chart value limits.maxReplicas.
       */
      maxReplicas: number
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
    }
    /**
     * The volume that keeps the model's versions.
     */
    storage?: {
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
         * Certificates (PEM) of authorities that may have signed the certificate of the source's host, beside the well-known ones. Default: the chart value imports.caBundle.
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
     * How many versions stay on the volume; never removes one that serves.
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
     * Ready, Reconciling and Stalled (kstatus), and Imported, Available, AcceleratorActive, Degraded, Suspended. The reason of each is also the reason of the Event that announced it.
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
       * Hash of the source and label it was imported from.
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
       * Size of its files in bytes.
       */
      sizeBytes: number
      /**
       * When it was imported.
       */
      createdAt: string
      /**
       * Imported is on the volume, Serving answers requests.
       */
      phase: 'Imported' | 'Serving'
    }[]
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
