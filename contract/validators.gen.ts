// @ts-nocheck
/** Generated from contract/documents.schema.json by scripts/generate.ts; change the schema, not this file. */
export const isImportReport = validate11;
const schema12 = {"anyOf":[{"$ref":"#/definitions/ImportedReport"},{"$ref":"#/definitions/FailedReport"}]};
const schema13 = {"type":"object","required":["outcome","version","pruned"],"properties":{"outcome":{"const":"imported"},"version":{"$ref":"#/definitions/ReportedVersion"},"pruned":{"type":"array","items":{"$ref":"#/definitions/VersionId"}}}};
const schema16 = {"type":"string","maxLength":63,"pattern":"^v_\\d{8}_\\d{6}(_\\d+)?$"};
const schema14 = {"allOf":[{"$ref":"#/definitions/Version"},{"type":"object","properties":{"revision":{"type":"string","pattern":"^[0-9a-f]{16}$"},"label":{"type":"string","pattern":"^[-A-Za-z0-9_.]{1,63}$"}}}]};
const schema15 = {"type":"object","required":["id","revision","source","digest","task","sizeBytes","createdAt"],"properties":{"id":{"$ref":"#/definitions/VersionId"},"label":{"type":"string"},"revision":{"type":"string"},"source":{"type":"string"},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"task":{"$ref":"#/definitions/Task"},"file":{"type":"string"},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"createdAt":{"$ref":"#/definitions/Time"}}};
const schema17 = {"enum":["tensor","text-classification","token-classification","question-answering","feature-extraction","zero-shot-classification","fill-mask","text-generation","code-generation","translation","image-classification","zero-shot-image-classification","image-to-text"]};
const schema18 = {"type":"integer","minimum":0,"maximum":9007199254740991};
const schema19 = {"type":"string","pattern":"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$"};
const pattern0 = new RegExp("^v_\\d{8}_\\d{6}(_\\d+)?$", "u");
const pattern1 = new RegExp("^sha256:[0-9a-f]{64}$", "u");
const pattern2 = new RegExp("^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$", "u");

function validate14(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.id === undefined) && (missing0 = "id")) || ((data.revision === undefined) && (missing0 = "revision"))) || ((data.source === undefined) && (missing0 = "source"))) || ((data.digest === undefined) && (missing0 = "digest"))) || ((data.task === undefined) && (missing0 = "task"))) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.createdAt === undefined) && (missing0 = "createdAt"))){
validate14.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.id !== undefined){
let data0 = data.id;
const _errs1 = errors;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(data0.length > 63){
validate14.errors = [{instancePath:instancePath+"/id",schemaPath:"#/definitions/VersionId/maxLength",keyword:"maxLength",params:{limit: 63}}];
return false;
}
else {
if(!pattern0.test(data0)){
validate14.errors = [{instancePath:instancePath+"/id",schemaPath:"#/definitions/VersionId/pattern",keyword:"pattern",params:{pattern: "^v_\\d{8}_\\d{6}(_\\d+)?$"}}];
return false;
}
}
}
else {
validate14.errors = [{instancePath:instancePath+"/id",schemaPath:"#/definitions/VersionId/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.label !== undefined){
const _errs4 = errors;
if(typeof data.label !== "string"){
validate14.errors = [{instancePath:instancePath+"/label",schemaPath:"#/properties/label/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.revision !== undefined){
const _errs6 = errors;
if(typeof data.revision !== "string"){
validate14.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/properties/revision/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.source !== undefined){
const _errs8 = errors;
if(typeof data.source !== "string"){
validate14.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data4 = data.digest;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data4 === "string"){
if(!pattern1.test(data4)){
validate14.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate14.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.task !== undefined){
let data5 = data.task;
const _errs12 = errors;
if(!(((((((((((((data5 === "tensor") || (data5 === "text-classification")) || (data5 === "token-classification")) || (data5 === "question-answering")) || (data5 === "feature-extraction")) || (data5 === "zero-shot-classification")) || (data5 === "fill-mask")) || (data5 === "text-generation")) || (data5 === "code-generation")) || (data5 === "translation")) || (data5 === "image-classification")) || (data5 === "zero-shot-image-classification")) || (data5 === "image-to-text"))){
validate14.errors = [{instancePath:instancePath+"/task",schemaPath:"#/definitions/Task/enum",keyword:"enum",params:{allowedValues: schema17.enum}}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file !== undefined){
const _errs14 = errors;
if(typeof data.file !== "string"){
validate14.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
let data7 = data.sizeBytes;
const _errs16 = errors;
const _errs17 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate14.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs17){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 9007199254740991 || isNaN(data7)){
validate14.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data7 < 0 || isNaN(data7)){
validate14.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.createdAt !== undefined){
let data8 = data.createdAt;
const _errs19 = errors;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data8 === "string"){
if(!pattern2.test(data8)){
validate14.errors = [{instancePath:instancePath+"/createdAt",schemaPath:"#/definitions/Time/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$"}}];
return false;
}
}
else {
validate14.errors = [{instancePath:instancePath+"/createdAt",schemaPath:"#/definitions/Time/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate14.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate14.errors = vErrors;
return errors === 0;
}

const pattern3 = new RegExp("^[0-9a-f]{16}$", "u");
const pattern4 = new RegExp("^[-A-Za-z0-9_.]{1,63}$", "u");

function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
if(!(validate14(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
errors = vErrors.length;
}
var valid0 = _errs0 === errors;
if(valid0){
const _errs1 = errors;
if(errors === _errs1){
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.revision !== undefined){
let data0 = data.revision;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern3.test(data0)){
validate13.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/allOf/1/properties/revision/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{16}$"}}];
return false;
}
}
else {
validate13.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/allOf/1/properties/revision/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid1 = _errs3 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.label !== undefined){
let data1 = data.label;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data1 === "string"){
if(!pattern4.test(data1)){
validate13.errors = [{instancePath:instancePath+"/label",schemaPath:"#/allOf/1/properties/label/pattern",keyword:"pattern",params:{pattern: "^[-A-Za-z0-9_.]{1,63}$"}}];
return false;
}
}
else {
validate13.errors = [{instancePath:instancePath+"/label",schemaPath:"#/allOf/1/properties/label/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid1 = _errs5 === errors;
}
else {
var valid1 = true;
}
}
}
else {
validate13.errors = [{instancePath,schemaPath:"#/allOf/1/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
validate13.errors = vErrors;
return errors === 0;
}


function validate12(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.version === undefined) && (missing0 = "version"))) || ((data.pruned === undefined) && (missing0 = "pruned"))){
validate12.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("imported" !== data.outcome){
validate12.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "imported"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.version !== undefined){
const _errs2 = errors;
if(!(validate13(data.version, {instancePath:instancePath+"/version",parentData:data,parentDataProperty:"version",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.pruned !== undefined){
let data2 = data.pruned;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data2)){
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs5 = errors;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data3 === "string"){
if(data3.length > 63){
validate12.errors = [{instancePath:instancePath+"/pruned/" + i0,schemaPath:"#/definitions/VersionId/maxLength",keyword:"maxLength",params:{limit: 63}}];
return false;
}
else {
if(!pattern0.test(data3)){
validate12.errors = [{instancePath:instancePath+"/pruned/" + i0,schemaPath:"#/definitions/VersionId/pattern",keyword:"pattern",params:{pattern: "^v_\\d{8}_\\d{6}(_\\d+)?$"}}];
return false;
}
}
}
else {
validate12.errors = [{instancePath:instancePath+"/pruned/" + i0,schemaPath:"#/definitions/VersionId/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid1 = _errs5 === errors;
if(!valid1){
break;
}
}
}
else {
validate12.errors = [{instancePath:instancePath+"/pruned",schemaPath:"#/properties/pruned/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate12.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate12.errors = vErrors;
return errors === 0;
}

const schema21 = {"type":"object","required":["outcome","reason","message","retry"],"properties":{"outcome":{"const":"failed"},"reason":{"$ref":"#/definitions/ImportFailure"},"message":{"type":"string"},"retry":{"enum":["never","backoff"]}}};
const schema22 = {"enum":["SourceUnreachable","SourceNotFound","SourceForbidden","SourceNotAllowed","SourceUnsupported","DigestMismatch","NotOnnx","UnsafePath","ModelIncomplete","ModelUnsupported","VolumeFull","ImportFailed"]};

function validate18(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))) || ((data.retry === undefined) && (missing0 = "retry"))){
validate18.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("failed" !== data.outcome){
validate18.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "failed"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data1 = data.reason;
const _errs2 = errors;
if(!((((((((((((data1 === "SourceUnreachable") || (data1 === "SourceNotFound")) || (data1 === "SourceForbidden")) || (data1 === "SourceNotAllowed")) || (data1 === "SourceUnsupported")) || (data1 === "DigestMismatch")) || (data1 === "NotOnnx")) || (data1 === "UnsafePath")) || (data1 === "ModelIncomplete")) || (data1 === "ModelUnsupported")) || (data1 === "VolumeFull")) || (data1 === "ImportFailed"))){
validate18.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/definitions/ImportFailure/enum",keyword:"enum",params:{allowedValues: schema22.enum}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs4 = errors;
if(typeof data.message !== "string"){
validate18.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retry !== undefined){
let data3 = data.retry;
const _errs6 = errors;
if(!((data3 === "never") || (data3 === "backoff"))){
validate18.errors = [{instancePath:instancePath+"/retry",schemaPath:"#/properties/retry/enum",keyword:"enum",params:{allowedValues: schema21.properties.retry.enum}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate18.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate18.errors = vErrors;
return errors === 0;
}


function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate12(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate12.errors : vErrors.concat(validate12.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate18(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate18.errors : vErrors.concat(validate18.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
const err0 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
validate11.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate11.errors = vErrors;
return errors === 0;
}

export const isIndexedVersion = validate20;
const schema23 = {"allOf":[{"$ref":"#/definitions/Version"},{"type":"object","properties":{"changed":{"type":"array","items":{"type":"string"}}}}]};

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
if(!(validate14(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
errors = vErrors.length;
}
var valid0 = _errs0 === errors;
if(valid0){
const _errs1 = errors;
if(errors === _errs1){
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.changed !== undefined){
let data0 = data.changed;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data0)){
var valid2 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs5 = errors;
if(typeof data0[i0] !== "string"){
validate20.errors = [{instancePath:instancePath+"/changed/" + i0,schemaPath:"#/allOf/1/properties/changed/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs5 === errors;
if(!valid2){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/changed",schemaPath:"#/allOf/1/properties/changed/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
}
}
else {
validate20.errors = [{instancePath,schemaPath:"#/allOf/1/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
validate20.errors = vErrors;
return errors === 0;
}

export const isVersionMetadata = validate22;
const schema24 = {"allOf":[{"$ref":"#/definitions/IndexedVersion"},{"type":"object","required":["files"],"properties":{"files":{"type":"array","items":{"type":"object","required":["path","sizeBytes","sha256"],"properties":{"path":{"type":"string","minLength":1},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"}}}},"rows":{"type":"object","additionalProperties":{"$ref":"#/definitions/KeptProof"}},"evaluation":{"$ref":"#/definitions/VersionEvaluation"}}}]};
const schema26 = {"type":"object","required":["proofVersion","verdict"],"properties":{"proofVersion":{"type":"integer"},"verdict":{"enum":["independent","scaled","unproven","unbatchable"]},"reason":{"type":"string"},"node":{"type":"string"},"operator":{"type":"string"}}};
const schema27 = {"type":"object","required":["measurement","dataset","evaluatedAt"],"properties":{"measurement":{"$ref":"#/definitions/Measurement"},"dataset":{"$ref":"#/definitions/EvaluatedDataset"},"evaluatedAt":{"$ref":"#/definitions/Time"},"comparisons":{"type":"array","items":{"$ref":"#/definitions/Comparison"}}}};
const schema38 = {"type":"object","required":["source","digest","samples","total"],"properties":{"source":{"type":"string"},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"samples":{"type":"integer","minimum":1},"total":{"type":"integer","minimum":1}}};
const schema28 = {"type":"object","required":["name","task","digest","sizeBytes","metrics","intervals","performance","hardware"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63},"task":{"$ref":"#/definitions/Task"},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"metrics":{"type":"object","additionalProperties":{"type":"number"}},"intervals":{"type":"object","additionalProperties":{"$ref":"#/definitions/Interval"}},"performance":{"$ref":"#/definitions/PerformanceMeasurement"},"hardware":{"$ref":"#/definitions/MeasuringHardware"}}};
const schema31 = {"type":"array","items":{"type":"number"},"minItems":2,"maxItems":2};
const schema32 = {"type":"object","required":["meanMs","p50Ms","p95Ms","p99Ms","throughputPerSecond","byConcurrency","loadMs","peakMemoryBytes"],"properties":{"meanMs":{"type":"number"},"p50Ms":{"type":"number"},"p95Ms":{"type":"number"},"p99Ms":{"type":"number"},"throughputPerSecond":{"type":"number"},"byConcurrency":{"type":"array","items":{"$ref":"#/definitions/ConcurrencyMeasurement"}},"loadMs":{"type":"number"},"peakMemoryBytes":{"$ref":"#/definitions/SizeBytes"},"joulesPerInference":{"type":"number"}}};
const schema33 = {"type":"object","required":["concurrency","requests","meanMs","p50Ms","p95Ms","p99Ms","throughputPerSecond","spread"],"properties":{"concurrency":{"type":"integer"},"requests":{"type":"integer"},"meanMs":{"type":"number"},"p50Ms":{"type":"number"},"p95Ms":{"type":"number"},"p99Ms":{"type":"number"},"throughputPerSecond":{"type":"number"},"spread":{"type":"number"}}};

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.meanMs === undefined) && (missing0 = "meanMs")) || ((data.p50Ms === undefined) && (missing0 = "p50Ms"))) || ((data.p95Ms === undefined) && (missing0 = "p95Ms"))) || ((data.p99Ms === undefined) && (missing0 = "p99Ms"))) || ((data.throughputPerSecond === undefined) && (missing0 = "throughputPerSecond"))) || ((data.byConcurrency === undefined) && (missing0 = "byConcurrency"))) || ((data.loadMs === undefined) && (missing0 = "loadMs"))) || ((data.peakMemoryBytes === undefined) && (missing0 = "peakMemoryBytes"))){
validate26.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.meanMs !== undefined){
let data0 = data.meanMs;
const _errs1 = errors;
if(!((typeof data0 == "number") && (isFinite(data0)))){
validate26.errors = [{instancePath:instancePath+"/meanMs",schemaPath:"#/properties/meanMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.p50Ms !== undefined){
let data1 = data.p50Ms;
const _errs3 = errors;
if(!((typeof data1 == "number") && (isFinite(data1)))){
validate26.errors = [{instancePath:instancePath+"/p50Ms",schemaPath:"#/properties/p50Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.p95Ms !== undefined){
let data2 = data.p95Ms;
const _errs5 = errors;
if(!((typeof data2 == "number") && (isFinite(data2)))){
validate26.errors = [{instancePath:instancePath+"/p95Ms",schemaPath:"#/properties/p95Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.p99Ms !== undefined){
let data3 = data.p99Ms;
const _errs7 = errors;
if(!((typeof data3 == "number") && (isFinite(data3)))){
validate26.errors = [{instancePath:instancePath+"/p99Ms",schemaPath:"#/properties/p99Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.throughputPerSecond !== undefined){
let data4 = data.throughputPerSecond;
const _errs9 = errors;
if(!((typeof data4 == "number") && (isFinite(data4)))){
validate26.errors = [{instancePath:instancePath+"/throughputPerSecond",schemaPath:"#/properties/throughputPerSecond/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.byConcurrency !== undefined){
let data5 = data.byConcurrency;
const _errs11 = errors;
if(errors === _errs11){
if(Array.isArray(data5)){
var valid1 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs13 = errors;
const _errs14 = errors;
if(errors === _errs14){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing1;
if(((((((((data6.concurrency === undefined) && (missing1 = "concurrency")) || ((data6.requests === undefined) && (missing1 = "requests"))) || ((data6.meanMs === undefined) && (missing1 = "meanMs"))) || ((data6.p50Ms === undefined) && (missing1 = "p50Ms"))) || ((data6.p95Ms === undefined) && (missing1 = "p95Ms"))) || ((data6.p99Ms === undefined) && (missing1 = "p99Ms"))) || ((data6.throughputPerSecond === undefined) && (missing1 = "throughputPerSecond"))) || ((data6.spread === undefined) && (missing1 = "spread"))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0,schemaPath:"#/definitions/ConcurrencyMeasurement/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data6.concurrency !== undefined){
let data7 = data6.concurrency;
const _errs16 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0+"/concurrency",schemaPath:"#/definitions/ConcurrencyMeasurement/properties/concurrency/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs16 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.requests !== undefined){
let data8 = data6.requests;
const _errs18 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0+"/requests",schemaPath:"#/definitions/ConcurrencyMeasurement/properties/requests/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs18 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.meanMs !== undefined){
let data9 = data6.meanMs;
const _errs20 = errors;
if(!((typeof data9 == "number") && (isFinite(data9)))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0+"/meanMs",schemaPath:"#/definitions/ConcurrencyMeasurement/properties/meanMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs20 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.p50Ms !== undefined){
let data10 = data6.p50Ms;
const _errs22 = errors;
if(!((typeof data10 == "number") && (isFinite(data10)))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0+"/p50Ms",schemaPath:"#/definitions/ConcurrencyMeasurement/properties/p50Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs22 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.p95Ms !== undefined){
let data11 = data6.p95Ms;
const _errs24 = errors;
if(!((typeof data11 == "number") && (isFinite(data11)))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0+"/p95Ms",schemaPath:"#/definitions/ConcurrencyMeasurement/properties/p95Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs24 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.p99Ms !== undefined){
let data12 = data6.p99Ms;
const _errs26 = errors;
if(!((typeof data12 == "number") && (isFinite(data12)))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0+"/p99Ms",schemaPath:"#/definitions/ConcurrencyMeasurement/properties/p99Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs26 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.throughputPerSecond !== undefined){
let data13 = data6.throughputPerSecond;
const _errs28 = errors;
if(!((typeof data13 == "number") && (isFinite(data13)))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0+"/throughputPerSecond",schemaPath:"#/definitions/ConcurrencyMeasurement/properties/throughputPerSecond/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs28 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.spread !== undefined){
let data14 = data6.spread;
const _errs30 = errors;
if(!((typeof data14 == "number") && (isFinite(data14)))){
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0+"/spread",schemaPath:"#/definitions/ConcurrencyMeasurement/properties/spread/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs30 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/byConcurrency/" + i0,schemaPath:"#/definitions/ConcurrencyMeasurement/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs13 === errors;
if(!valid1){
break;
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/byConcurrency",schemaPath:"#/properties/byConcurrency/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.loadMs !== undefined){
let data15 = data.loadMs;
const _errs32 = errors;
if(!((typeof data15 == "number") && (isFinite(data15)))){
validate26.errors = [{instancePath:instancePath+"/loadMs",schemaPath:"#/properties/loadMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs32 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.peakMemoryBytes !== undefined){
let data16 = data.peakMemoryBytes;
const _errs34 = errors;
const _errs35 = errors;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
validate26.errors = [{instancePath:instancePath+"/peakMemoryBytes",schemaPath:"#/definitions/SizeBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs35){
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 > 9007199254740991 || isNaN(data16)){
validate26.errors = [{instancePath:instancePath+"/peakMemoryBytes",schemaPath:"#/definitions/SizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data16 < 0 || isNaN(data16)){
validate26.errors = [{instancePath:instancePath+"/peakMemoryBytes",schemaPath:"#/definitions/SizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
var valid0 = _errs34 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.joulesPerInference !== undefined){
let data17 = data.joulesPerInference;
const _errs37 = errors;
if(!((typeof data17 == "number") && (isFinite(data17)))){
validate26.errors = [{instancePath:instancePath+"/joulesPerInference",schemaPath:"#/properties/joulesPerInference/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate26.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate26.errors = vErrors;
return errors === 0;
}

const schema35 = {"type":"object","required":["processor","cores","memoryBytes","accelerator","onnxruntime"],"properties":{"processor":{"type":"string"},"cores":{"type":"number"},"memoryBytes":{"$ref":"#/definitions/SizeBytes"},"accelerator":{"$ref":"#/definitions/Accelerator"},"gpu":{"type":"string"},"node":{"type":"string"},"onnxruntime":{"type":"string"},"server":{"type":"string"}}};
const schema37 = {"enum":["cuda","cpu"]};

function validate28(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.processor === undefined) && (missing0 = "processor")) || ((data.cores === undefined) && (missing0 = "cores"))) || ((data.memoryBytes === undefined) && (missing0 = "memoryBytes"))) || ((data.accelerator === undefined) && (missing0 = "accelerator"))) || ((data.onnxruntime === undefined) && (missing0 = "onnxruntime"))){
validate28.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.processor !== undefined){
const _errs1 = errors;
if(typeof data.processor !== "string"){
validate28.errors = [{instancePath:instancePath+"/processor",schemaPath:"#/properties/processor/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.cores !== undefined){
let data1 = data.cores;
const _errs3 = errors;
if(!((typeof data1 == "number") && (isFinite(data1)))){
validate28.errors = [{instancePath:instancePath+"/cores",schemaPath:"#/properties/cores/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.memoryBytes !== undefined){
let data2 = data.memoryBytes;
const _errs5 = errors;
const _errs6 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate28.errors = [{instancePath:instancePath+"/memoryBytes",schemaPath:"#/definitions/SizeBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs6){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 9007199254740991 || isNaN(data2)){
validate28.errors = [{instancePath:instancePath+"/memoryBytes",schemaPath:"#/definitions/SizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data2 < 0 || isNaN(data2)){
validate28.errors = [{instancePath:instancePath+"/memoryBytes",schemaPath:"#/definitions/SizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.accelerator !== undefined){
let data3 = data.accelerator;
const _errs8 = errors;
if(!((data3 === "cuda") || (data3 === "cpu"))){
validate28.errors = [{instancePath:instancePath+"/accelerator",schemaPath:"#/definitions/Accelerator/enum",keyword:"enum",params:{allowedValues: schema37.enum}}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gpu !== undefined){
const _errs10 = errors;
if(typeof data.gpu !== "string"){
validate28.errors = [{instancePath:instancePath+"/gpu",schemaPath:"#/properties/gpu/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.node !== undefined){
const _errs12 = errors;
if(typeof data.node !== "string"){
validate28.errors = [{instancePath:instancePath+"/node",schemaPath:"#/properties/node/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.onnxruntime !== undefined){
const _errs14 = errors;
if(typeof data.onnxruntime !== "string"){
validate28.errors = [{instancePath:instancePath+"/onnxruntime",schemaPath:"#/properties/onnxruntime/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.server !== undefined){
const _errs16 = errors;
if(typeof data.server !== "string"){
validate28.errors = [{instancePath:instancePath+"/server",schemaPath:"#/properties/server/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate28.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate28.errors = vErrors;
return errors === 0;
}


function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.name === undefined) && (missing0 = "name")) || ((data.task === undefined) && (missing0 = "task"))) || ((data.digest === undefined) && (missing0 = "digest"))) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.metrics === undefined) && (missing0 = "metrics"))) || ((data.intervals === undefined) && (missing0 = "intervals"))) || ((data.performance === undefined) && (missing0 = "performance"))) || ((data.hardware === undefined) && (missing0 = "hardware"))){
validate25.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 63){
validate25.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 63}}];
return false;
}
else {
if(data0.length < 1){
validate25.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.task !== undefined){
let data1 = data.task;
const _errs3 = errors;
if(!(((((((((((((data1 === "tensor") || (data1 === "text-classification")) || (data1 === "token-classification")) || (data1 === "question-answering")) || (data1 === "feature-extraction")) || (data1 === "zero-shot-classification")) || (data1 === "fill-mask")) || (data1 === "text-generation")) || (data1 === "code-generation")) || (data1 === "translation")) || (data1 === "image-classification")) || (data1 === "zero-shot-image-classification")) || (data1 === "image-to-text"))){
validate25.errors = [{instancePath:instancePath+"/task",schemaPath:"#/definitions/Task/enum",keyword:"enum",params:{allowedValues: schema17.enum}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data2 = data.digest;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
validate25.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate25.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
let data3 = data.sizeBytes;
const _errs7 = errors;
const _errs8 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate25.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs8){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 9007199254740991 || isNaN(data3)){
validate25.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data3 < 0 || isNaN(data3)){
validate25.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metrics !== undefined){
let data4 = data.metrics;
const _errs10 = errors;
if(errors === _errs10){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key0 in data4){
let data5 = data4[key0];
const _errs13 = errors;
if(!((typeof data5 == "number") && (isFinite(data5)))){
validate25.errors = [{instancePath:instancePath+"/metrics/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metrics/additionalProperties/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs13 === errors;
if(!valid3){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/metrics",schemaPath:"#/properties/metrics/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.intervals !== undefined){
let data6 = data.intervals;
const _errs15 = errors;
if(errors === _errs15){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
let data7 = data6[key1];
const _errs18 = errors;
const _errs19 = errors;
if(errors === _errs19){
if(Array.isArray(data7)){
if(data7.length > 2){
validate25.errors = [{instancePath:instancePath+"/intervals/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/Interval/maxItems",keyword:"maxItems",params:{limit: 2}}];
return false;
}
else {
if(data7.length < 2){
validate25.errors = [{instancePath:instancePath+"/intervals/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/Interval/minItems",keyword:"minItems",params:{limit: 2}}];
return false;
}
else {
var valid6 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
const _errs21 = errors;
if(!((typeof data8 == "number") && (isFinite(data8)))){
validate25.errors = [{instancePath:instancePath+"/intervals/" + key1.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/definitions/Interval/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid6 = _errs21 === errors;
if(!valid6){
break;
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/intervals/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/Interval/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid4 = _errs18 === errors;
if(!valid4){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/intervals",schemaPath:"#/properties/intervals/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.performance !== undefined){
const _errs23 = errors;
if(!(validate26(data.performance, {instancePath:instancePath+"/performance",parentData:data,parentDataProperty:"performance",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hardware !== undefined){
const _errs24 = errors;
if(!(validate28(data.hardware, {instancePath:instancePath+"/hardware",parentData:data,parentDataProperty:"hardware",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate25.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate25.errors = vErrors;
return errors === 0;
}

const schema40 = {"type":"object","required":["name","with","metric","difference","interval","pValue","samples"],"properties":{"name":{"type":"string"},"with":{"type":"string"},"metric":{"$ref":"#/definitions/Metric"},"difference":{"type":"number"},"interval":{"$ref":"#/definitions/Interval"},"pValue":{"type":"number","minimum":0,"maximum":1},"samples":{"type":"integer"}}};
const schema41 = {"enum":["accuracy","topK","f1Macro","f1Weighted","entityF1","exactMatch","tokenF1","bleu","chrf","perplexity","meanAbsoluteError","meanSquaredError","r2","recallAtK","meanReciprocalRank"]};

function validate31(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.name === undefined) && (missing0 = "name")) || ((data.with === undefined) && (missing0 = "with"))) || ((data.metric === undefined) && (missing0 = "metric"))) || ((data.difference === undefined) && (missing0 = "difference"))) || ((data.interval === undefined) && (missing0 = "interval"))) || ((data.pValue === undefined) && (missing0 = "pValue"))) || ((data.samples === undefined) && (missing0 = "samples"))){
validate31.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
const _errs1 = errors;
if(typeof data.name !== "string"){
validate31.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.with !== undefined){
const _errs3 = errors;
if(typeof data.with !== "string"){
validate31.errors = [{instancePath:instancePath+"/with",schemaPath:"#/properties/with/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metric !== undefined){
let data2 = data.metric;
const _errs5 = errors;
if(!(((((((((((((((data2 === "accuracy") || (data2 === "topK")) || (data2 === "f1Macro")) || (data2 === "f1Weighted")) || (data2 === "entityF1")) || (data2 === "exactMatch")) || (data2 === "tokenF1")) || (data2 === "bleu")) || (data2 === "chrf")) || (data2 === "perplexity")) || (data2 === "meanAbsoluteError")) || (data2 === "meanSquaredError")) || (data2 === "r2")) || (data2 === "recallAtK")) || (data2 === "meanReciprocalRank"))){
validate31.errors = [{instancePath:instancePath+"/metric",schemaPath:"#/definitions/Metric/enum",keyword:"enum",params:{allowedValues: schema41.enum}}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.difference !== undefined){
let data3 = data.difference;
const _errs7 = errors;
if(!((typeof data3 == "number") && (isFinite(data3)))){
validate31.errors = [{instancePath:instancePath+"/difference",schemaPath:"#/properties/difference/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.interval !== undefined){
let data4 = data.interval;
const _errs9 = errors;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data4)){
if(data4.length > 2){
validate31.errors = [{instancePath:instancePath+"/interval",schemaPath:"#/definitions/Interval/maxItems",keyword:"maxItems",params:{limit: 2}}];
return false;
}
else {
if(data4.length < 2){
validate31.errors = [{instancePath:instancePath+"/interval",schemaPath:"#/definitions/Interval/minItems",keyword:"minItems",params:{limit: 2}}];
return false;
}
else {
var valid3 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
const _errs12 = errors;
if(!((typeof data5 == "number") && (isFinite(data5)))){
validate31.errors = [{instancePath:instancePath+"/interval/" + i0,schemaPath:"#/definitions/Interval/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs12 === errors;
if(!valid3){
break;
}
}
}
}
}
else {
validate31.errors = [{instancePath:instancePath+"/interval",schemaPath:"#/definitions/Interval/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.pValue !== undefined){
let data6 = data.pValue;
const _errs14 = errors;
if(errors === _errs14){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 1 || isNaN(data6)){
validate31.errors = [{instancePath:instancePath+"/pValue",schemaPath:"#/properties/pValue/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data6 < 0 || isNaN(data6)){
validate31.errors = [{instancePath:instancePath+"/pValue",schemaPath:"#/properties/pValue/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
else {
validate31.errors = [{instancePath:instancePath+"/pValue",schemaPath:"#/properties/pValue/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data7 = data.samples;
const _errs16 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate31.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate31.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate31.errors = vErrors;
return errors === 0;
}


function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.measurement === undefined) && (missing0 = "measurement")) || ((data.dataset === undefined) && (missing0 = "dataset"))) || ((data.evaluatedAt === undefined) && (missing0 = "evaluatedAt"))){
validate24.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.measurement !== undefined){
const _errs1 = errors;
if(!(validate25(data.measurement, {instancePath:instancePath+"/measurement",parentData:data,parentDataProperty:"measurement",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataset !== undefined){
let data1 = data.dataset;
const _errs2 = errors;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((((data1.source === undefined) && (missing1 = "source")) || ((data1.digest === undefined) && (missing1 = "digest"))) || ((data1.samples === undefined) && (missing1 = "samples"))) || ((data1.total === undefined) && (missing1 = "total"))){
validate24.errors = [{instancePath:instancePath+"/dataset",schemaPath:"#/definitions/EvaluatedDataset/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.source !== undefined){
const _errs5 = errors;
if(typeof data1.source !== "string"){
validate24.errors = [{instancePath:instancePath+"/dataset/source",schemaPath:"#/definitions/EvaluatedDataset/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs5 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.digest !== undefined){
let data3 = data1.digest;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(!pattern1.test(data3)){
validate24.errors = [{instancePath:instancePath+"/dataset/digest",schemaPath:"#/definitions/EvaluatedDataset/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate24.errors = [{instancePath:instancePath+"/dataset/digest",schemaPath:"#/definitions/EvaluatedDataset/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid2 = _errs7 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.samples !== undefined){
let data4 = data1.samples;
const _errs9 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate24.errors = [{instancePath:instancePath+"/dataset/samples",schemaPath:"#/definitions/EvaluatedDataset/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs9){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 1 || isNaN(data4)){
validate24.errors = [{instancePath:instancePath+"/dataset/samples",schemaPath:"#/definitions/EvaluatedDataset/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.total !== undefined){
let data5 = data1.total;
const _errs11 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate24.errors = [{instancePath:instancePath+"/dataset/total",schemaPath:"#/definitions/EvaluatedDataset/properties/total/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs11){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 1 || isNaN(data5)){
validate24.errors = [{instancePath:instancePath+"/dataset/total",schemaPath:"#/definitions/EvaluatedDataset/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs11 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/dataset",schemaPath:"#/definitions/EvaluatedDataset/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.evaluatedAt !== undefined){
let data6 = data.evaluatedAt;
const _errs13 = errors;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data6 === "string"){
if(!pattern2.test(data6)){
validate24.errors = [{instancePath:instancePath+"/evaluatedAt",schemaPath:"#/definitions/Time/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$"}}];
return false;
}
}
else {
validate24.errors = [{instancePath:instancePath+"/evaluatedAt",schemaPath:"#/definitions/Time/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comparisons !== undefined){
let data7 = data.comparisons;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data7)){
var valid4 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
const _errs18 = errors;
if(!(validate31(data7[i0], {instancePath:instancePath+"/comparisons/" + i0,parentData:data7,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
var valid4 = _errs18 === errors;
if(!valid4){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/comparisons",schemaPath:"#/properties/comparisons/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate24.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate24.errors = vErrors;
return errors === 0;
}

const pattern6 = new RegExp("^[0-9a-f]{64}$", "u");

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
if(!(validate20(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
errors = vErrors.length;
}
var valid0 = _errs0 === errors;
if(valid0){
const _errs1 = errors;
if(errors === _errs1){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.files === undefined) && (missing0 = "files")){
validate22.errors = [{instancePath,schemaPath:"#/allOf/1/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.files !== undefined){
let data0 = data.files;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data0)){
var valid2 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
const _errs5 = errors;
if(errors === _errs5){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((((data1.path === undefined) && (missing1 = "path")) || ((data1.sizeBytes === undefined) && (missing1 = "sizeBytes"))) || ((data1.sha256 === undefined) && (missing1 = "sha256"))){
validate22.errors = [{instancePath:instancePath+"/files/" + i0,schemaPath:"#/allOf/1/properties/files/items/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.path !== undefined){
let data2 = data1.path;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(data2.length < 1){
validate22.errors = [{instancePath:instancePath+"/files/" + i0+"/path",schemaPath:"#/allOf/1/properties/files/items/properties/path/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/files/" + i0+"/path",schemaPath:"#/allOf/1/properties/files/items/properties/path/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs7 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.sizeBytes !== undefined){
let data3 = data1.sizeBytes;
const _errs9 = errors;
const _errs10 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate22.errors = [{instancePath:instancePath+"/files/" + i0+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 9007199254740991 || isNaN(data3)){
validate22.errors = [{instancePath:instancePath+"/files/" + i0+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data3 < 0 || isNaN(data3)){
validate22.errors = [{instancePath:instancePath+"/files/" + i0+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
var valid3 = _errs9 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.sha256 !== undefined){
let data4 = data1.sha256;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data4 === "string"){
if(!pattern6.test(data4)){
validate22.errors = [{instancePath:instancePath+"/files/" + i0+"/sha256",schemaPath:"#/allOf/1/properties/files/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate22.errors = [{instancePath:instancePath+"/files/" + i0+"/sha256",schemaPath:"#/allOf/1/properties/files/items/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs12 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/files/" + i0,schemaPath:"#/allOf/1/properties/files/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid2 = _errs5 === errors;
if(!valid2){
break;
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/files",schemaPath:"#/allOf/1/properties/files/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid1 = _errs3 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.rows !== undefined){
let data5 = data.rows;
const _errs14 = errors;
if(errors === _errs14){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key0 in data5){
let data6 = data5[key0];
const _errs17 = errors;
const _errs18 = errors;
if(errors === _errs18){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing2;
if(((data6.proofVersion === undefined) && (missing2 = "proofVersion")) || ((data6.verdict === undefined) && (missing2 = "verdict"))){
validate22.errors = [{instancePath:instancePath+"/rows/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/KeptProof/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data6.proofVersion !== undefined){
let data7 = data6.proofVersion;
const _errs20 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate22.errors = [{instancePath:instancePath+"/rows/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/proofVersion",schemaPath:"#/definitions/KeptProof/properties/proofVersion/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid7 = _errs20 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data6.verdict !== undefined){
let data8 = data6.verdict;
const _errs22 = errors;
if(!((((data8 === "independent") || (data8 === "scaled")) || (data8 === "unproven")) || (data8 === "unbatchable"))){
validate22.errors = [{instancePath:instancePath+"/rows/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/verdict",schemaPath:"#/definitions/KeptProof/properties/verdict/enum",keyword:"enum",params:{allowedValues: schema26.properties.verdict.enum}}];
return false;
}
var valid7 = _errs22 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data6.reason !== undefined){
const _errs23 = errors;
if(typeof data6.reason !== "string"){
validate22.errors = [{instancePath:instancePath+"/rows/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/reason",schemaPath:"#/definitions/KeptProof/properties/reason/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid7 = _errs23 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data6.node !== undefined){
const _errs25 = errors;
if(typeof data6.node !== "string"){
validate22.errors = [{instancePath:instancePath+"/rows/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/node",schemaPath:"#/definitions/KeptProof/properties/node/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid7 = _errs25 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data6.operator !== undefined){
const _errs27 = errors;
if(typeof data6.operator !== "string"){
validate22.errors = [{instancePath:instancePath+"/rows/" + key0.replace(/~/g, "~0").replace(/\//g, "~1")+"/operator",schemaPath:"#/definitions/KeptProof/properties/operator/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid7 = _errs27 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/rows/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/KeptProof/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid5 = _errs17 === errors;
if(!valid5){
break;
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/rows",schemaPath:"#/allOf/1/properties/rows/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.evaluation !== undefined){
const _errs29 = errors;
if(!(validate24(data.evaluation, {instancePath:instancePath+"/evaluation",parentData:data,parentDataProperty:"evaluation",rootData}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
errors = vErrors.length;
}
var valid1 = _errs29 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
else {
validate22.errors = [{instancePath,schemaPath:"#/allOf/1/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
validate22.errors = vErrors;
return errors === 0;
}

export const isServedModel = validate34;
const schema43 = {"type":"object","required":["version","device"],"properties":{"version":{"type":"string","minLength":1,"maxLength":253},"device":{"type":"object","required":["requested","active"],"properties":{"requested":{"$ref":"#/definitions/Device"},"active":{"$ref":"#/definitions/Accelerator"},"reason":{"type":"string"}}},"batching":{"type":"object","required":["rows","batched"],"properties":{"rows":{"$ref":"#/definitions/RowVerdict"},"batched":{"type":"boolean"},"reason":{"type":"string"}}},"drift":{"type":"object","required":["samples","enough","features"],"properties":{"samples":{"type":"integer","minimum":0},"enough":{"type":"boolean"},"features":{"type":"array","maxItems":32,"items":{"type":"object","required":["name","statistic","value","since"],"properties":{"name":{"type":"string","minLength":1,"maxLength":200},"statistic":{"enum":["psi","distance"]},"value":{"type":"number"},"since":{"type":"string","maxLength":40}}}}}},"assumptions":{"type":"array","items":{"type":"string"}}}};
const schema44 = {"enum":["auto","gpu","cpu"]};
const schema46 = {"enum":["independent","scaled","unproven","coupled","unbatchable"]};

function validate34(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.version === undefined) && (missing0 = "version")) || ((data.device === undefined) && (missing0 = "device"))){
validate34.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.version !== undefined){
let data0 = data.version;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 253){
validate34.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/maxLength",keyword:"maxLength",params:{limit: 253}}];
return false;
}
else {
if(data0.length < 1){
validate34.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device !== undefined){
let data1 = data.device;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((data1.requested === undefined) && (missing1 = "requested")) || ((data1.active === undefined) && (missing1 = "active"))){
validate34.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.requested !== undefined){
let data2 = data1.requested;
const _errs5 = errors;
if(!(((data2 === "auto") || (data2 === "gpu")) || (data2 === "cpu"))){
validate34.errors = [{instancePath:instancePath+"/device/requested",schemaPath:"#/definitions/Device/enum",keyword:"enum",params:{allowedValues: schema44.enum}}];
return false;
}
var valid1 = _errs5 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.active !== undefined){
let data3 = data1.active;
const _errs7 = errors;
if(!((data3 === "cuda") || (data3 === "cpu"))){
validate34.errors = [{instancePath:instancePath+"/device/active",schemaPath:"#/definitions/Accelerator/enum",keyword:"enum",params:{allowedValues: schema37.enum}}];
return false;
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.reason !== undefined){
const _errs9 = errors;
if(typeof data1.reason !== "string"){
validate34.errors = [{instancePath:instancePath+"/device/reason",schemaPath:"#/properties/device/properties/reason/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs9 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.batching !== undefined){
let data5 = data.batching;
const _errs11 = errors;
if(errors === _errs11){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing2;
if(((data5.rows === undefined) && (missing2 = "rows")) || ((data5.batched === undefined) && (missing2 = "batched"))){
validate34.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data5.rows !== undefined){
let data6 = data5.rows;
const _errs13 = errors;
if(!(((((data6 === "independent") || (data6 === "scaled")) || (data6 === "unproven")) || (data6 === "coupled")) || (data6 === "unbatchable"))){
validate34.errors = [{instancePath:instancePath+"/batching/rows",schemaPath:"#/definitions/RowVerdict/enum",keyword:"enum",params:{allowedValues: schema46.enum}}];
return false;
}
var valid4 = _errs13 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data5.batched !== undefined){
const _errs15 = errors;
if(typeof data5.batched !== "boolean"){
validate34.errors = [{instancePath:instancePath+"/batching/batched",schemaPath:"#/properties/batching/properties/batched/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid4 = _errs15 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data5.reason !== undefined){
const _errs17 = errors;
if(typeof data5.reason !== "string"){
validate34.errors = [{instancePath:instancePath+"/batching/reason",schemaPath:"#/properties/batching/properties/reason/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid4 = _errs17 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.drift !== undefined){
let data9 = data.drift;
const _errs19 = errors;
if(errors === _errs19){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
let missing3;
if((((data9.samples === undefined) && (missing3 = "samples")) || ((data9.enough === undefined) && (missing3 = "enough"))) || ((data9.features === undefined) && (missing3 = "features"))){
validate34.errors = [{instancePath:instancePath+"/drift",schemaPath:"#/properties/drift/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data9.samples !== undefined){
let data10 = data9.samples;
const _errs21 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate34.errors = [{instancePath:instancePath+"/drift/samples",schemaPath:"#/properties/drift/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs21){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
validate34.errors = [{instancePath:instancePath+"/drift/samples",schemaPath:"#/properties/drift/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid6 = _errs21 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data9.enough !== undefined){
const _errs23 = errors;
if(typeof data9.enough !== "boolean"){
validate34.errors = [{instancePath:instancePath+"/drift/enough",schemaPath:"#/properties/drift/properties/enough/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid6 = _errs23 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data9.features !== undefined){
let data12 = data9.features;
const _errs25 = errors;
if(errors === _errs25){
if(Array.isArray(data12)){
if(data12.length > 32){
validate34.errors = [{instancePath:instancePath+"/drift/features",schemaPath:"#/properties/drift/properties/features/maxItems",keyword:"maxItems",params:{limit: 32}}];
return false;
}
else {
var valid7 = true;
const len0 = data12.length;
for(let i0=0; i0<len0; i0++){
let data13 = data12[i0];
const _errs27 = errors;
if(errors === _errs27){
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
let missing4;
if(((((data13.name === undefined) && (missing4 = "name")) || ((data13.statistic === undefined) && (missing4 = "statistic"))) || ((data13.value === undefined) && (missing4 = "value"))) || ((data13.since === undefined) && (missing4 = "since"))){
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0,schemaPath:"#/properties/drift/properties/features/items/required",keyword:"required",params:{missingProperty: missing4}}];
return false;
}
else {
if(data13.name !== undefined){
let data14 = data13.name;
const _errs29 = errors;
if(errors === _errs29){
if(typeof data14 === "string"){
if(data14.length > 200){
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/name",schemaPath:"#/properties/drift/properties/features/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 200}}];
return false;
}
else {
if(data14.length < 1){
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/name",schemaPath:"#/properties/drift/properties/features/items/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/name",schemaPath:"#/properties/drift/properties/features/items/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid8 = _errs29 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data13.statistic !== undefined){
let data15 = data13.statistic;
const _errs31 = errors;
if(!((data15 === "psi") || (data15 === "distance"))){
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/statistic",schemaPath:"#/properties/drift/properties/features/items/properties/statistic/enum",keyword:"enum",params:{allowedValues: schema43.properties.drift.properties.features.items.properties.statistic.enum}}];
return false;
}
var valid8 = _errs31 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data13.value !== undefined){
let data16 = data13.value;
const _errs32 = errors;
if(!((typeof data16 == "number") && (isFinite(data16)))){
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/value",schemaPath:"#/properties/drift/properties/features/items/properties/value/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid8 = _errs32 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data13.since !== undefined){
let data17 = data13.since;
const _errs34 = errors;
if(errors === _errs34){
if(typeof data17 === "string"){
if(data17.length > 40){
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/since",schemaPath:"#/properties/drift/properties/features/items/properties/since/maxLength",keyword:"maxLength",params:{limit: 40}}];
return false;
}
}
else {
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/since",schemaPath:"#/properties/drift/properties/features/items/properties/since/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid8 = _errs34 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/drift/features/" + i0,schemaPath:"#/properties/drift/properties/features/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid7 = _errs27 === errors;
if(!valid7){
break;
}
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/drift/features",schemaPath:"#/properties/drift/properties/features/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid6 = _errs25 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/drift",schemaPath:"#/properties/drift/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.assumptions !== undefined){
let data18 = data.assumptions;
const _errs36 = errors;
if(errors === _errs36){
if(Array.isArray(data18)){
var valid9 = true;
const len1 = data18.length;
for(let i1=0; i1<len1; i1++){
const _errs38 = errors;
if(typeof data18[i1] !== "string"){
validate34.errors = [{instancePath:instancePath+"/assumptions/" + i1,schemaPath:"#/properties/assumptions/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid9 = _errs38 === errors;
if(!valid9){
break;
}
}
}
else {
validate34.errors = [{instancePath:instancePath+"/assumptions",schemaPath:"#/properties/assumptions/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate34.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate34.errors = vErrors;
return errors === 0;
}

export const isDriftReference = validate35;
const schema47 = {"type":"object","required":["format","samples","features"],"properties":{"format":{"type":"integer","minimum":1,"maximum":1},"samples":{"type":"integer","minimum":1},"features":{"type":"array","maxItems":64,"items":{"$ref":"#/definitions/DriftFeature"}}}};
const schema48 = {"type":"object","required":["name","kind"],"properties":{"name":{"type":"string","minLength":1,"maxLength":200},"kind":{"enum":["number","category","vector"]},"edges":{"type":"array","maxItems":32,"items":{"type":"number"}},"counts":{"type":"array","maxItems":64,"items":{"type":"integer","minimum":0}},"missing":{"type":"integer","minimum":0},"least":{"type":"number"},"most":{"type":"number"},"values":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":200}},"samples":{"type":"integer","minimum":0},"mean":{"type":"array","maxItems":4096,"items":{"type":"number"}},"variance":{"type":"number","minimum":0}}};

function validate35(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.format === undefined) && (missing0 = "format")) || ((data.samples === undefined) && (missing0 = "samples"))) || ((data.features === undefined) && (missing0 = "features"))){
validate35.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.format !== undefined){
let data0 = data.format;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate35.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 1 || isNaN(data0)){
validate35.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate35.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data1 = data.samples;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate35.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 1 || isNaN(data1)){
validate35.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.features !== undefined){
let data2 = data.features;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
if(data2.length > 64){
validate35.errors = [{instancePath:instancePath+"/features",schemaPath:"#/properties/features/maxItems",keyword:"maxItems",params:{limit: 64}}];
return false;
}
else {
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs7 = errors;
const _errs8 = errors;
if(errors === _errs8){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if(((data3.name === undefined) && (missing1 = "name")) || ((data3.kind === undefined) && (missing1 = "kind"))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0,schemaPath:"#/definitions/DriftFeature/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data3.name !== undefined){
let data4 = data3.name;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data4 === "string"){
if(data4.length > 200){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/name",schemaPath:"#/definitions/DriftFeature/properties/name/maxLength",keyword:"maxLength",params:{limit: 200}}];
return false;
}
else {
if(data4.length < 1){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/name",schemaPath:"#/definitions/DriftFeature/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/name",schemaPath:"#/definitions/DriftFeature/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs10 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.kind !== undefined){
let data5 = data3.kind;
const _errs12 = errors;
if(!(((data5 === "number") || (data5 === "category")) || (data5 === "vector"))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/kind",schemaPath:"#/definitions/DriftFeature/properties/kind/enum",keyword:"enum",params:{allowedValues: schema48.properties.kind.enum}}];
return false;
}
var valid3 = _errs12 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.edges !== undefined){
let data6 = data3.edges;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data6)){
if(data6.length > 32){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/edges",schemaPath:"#/definitions/DriftFeature/properties/edges/maxItems",keyword:"maxItems",params:{limit: 32}}];
return false;
}
else {
var valid4 = true;
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
const _errs15 = errors;
if(!((typeof data7 == "number") && (isFinite(data7)))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/edges/" + i1,schemaPath:"#/definitions/DriftFeature/properties/edges/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid4 = _errs15 === errors;
if(!valid4){
break;
}
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/edges",schemaPath:"#/definitions/DriftFeature/properties/edges/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid3 = _errs13 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.counts !== undefined){
let data8 = data3.counts;
const _errs17 = errors;
if(errors === _errs17){
if(Array.isArray(data8)){
if(data8.length > 64){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/counts",schemaPath:"#/definitions/DriftFeature/properties/counts/maxItems",keyword:"maxItems",params:{limit: 64}}];
return false;
}
else {
var valid5 = true;
const len2 = data8.length;
for(let i2=0; i2<len2; i2++){
let data9 = data8[i2];
const _errs19 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/counts/" + i2,schemaPath:"#/definitions/DriftFeature/properties/counts/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs19){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/counts/" + i2,schemaPath:"#/definitions/DriftFeature/properties/counts/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid5 = _errs19 === errors;
if(!valid5){
break;
}
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/counts",schemaPath:"#/definitions/DriftFeature/properties/counts/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid3 = _errs17 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.missing !== undefined){
let data10 = data3.missing;
const _errs21 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/missing",schemaPath:"#/definitions/DriftFeature/properties/missing/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs21){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/missing",schemaPath:"#/definitions/DriftFeature/properties/missing/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid3 = _errs21 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.least !== undefined){
let data11 = data3.least;
const _errs23 = errors;
if(!((typeof data11 == "number") && (isFinite(data11)))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/least",schemaPath:"#/definitions/DriftFeature/properties/least/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs23 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.most !== undefined){
let data12 = data3.most;
const _errs25 = errors;
if(!((typeof data12 == "number") && (isFinite(data12)))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/most",schemaPath:"#/definitions/DriftFeature/properties/most/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs25 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.values !== undefined){
let data13 = data3.values;
const _errs27 = errors;
if(errors === _errs27){
if(Array.isArray(data13)){
if(data13.length > 64){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/values",schemaPath:"#/definitions/DriftFeature/properties/values/maxItems",keyword:"maxItems",params:{limit: 64}}];
return false;
}
else {
var valid6 = true;
const len3 = data13.length;
for(let i3=0; i3<len3; i3++){
let data14 = data13[i3];
const _errs29 = errors;
if(errors === _errs29){
if(typeof data14 === "string"){
if(data14.length > 200){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/values/" + i3,schemaPath:"#/definitions/DriftFeature/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 200}}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/values/" + i3,schemaPath:"#/definitions/DriftFeature/properties/values/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid6 = _errs29 === errors;
if(!valid6){
break;
}
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/values",schemaPath:"#/definitions/DriftFeature/properties/values/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid3 = _errs27 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.samples !== undefined){
let data15 = data3.samples;
const _errs31 = errors;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/samples",schemaPath:"#/definitions/DriftFeature/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs31){
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 < 0 || isNaN(data15)){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/samples",schemaPath:"#/definitions/DriftFeature/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid3 = _errs31 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.mean !== undefined){
let data16 = data3.mean;
const _errs33 = errors;
if(errors === _errs33){
if(Array.isArray(data16)){
if(data16.length > 4096){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/mean",schemaPath:"#/definitions/DriftFeature/properties/mean/maxItems",keyword:"maxItems",params:{limit: 4096}}];
return false;
}
else {
var valid7 = true;
const len4 = data16.length;
for(let i4=0; i4<len4; i4++){
let data17 = data16[i4];
const _errs35 = errors;
if(!((typeof data17 == "number") && (isFinite(data17)))){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/mean/" + i4,schemaPath:"#/definitions/DriftFeature/properties/mean/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid7 = _errs35 === errors;
if(!valid7){
break;
}
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/mean",schemaPath:"#/definitions/DriftFeature/properties/mean/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid3 = _errs33 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.variance !== undefined){
let data18 = data3.variance;
const _errs37 = errors;
if(errors === _errs37){
if((typeof data18 == "number") && (isFinite(data18))){
if(data18 < 0 || isNaN(data18)){
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/variance",schemaPath:"#/definitions/DriftFeature/properties/variance/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features/" + i0+"/variance",schemaPath:"#/definitions/DriftFeature/properties/variance/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid3 = _errs37 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features/" + i0,schemaPath:"#/definitions/DriftFeature/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs7 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate35.errors = [{instancePath:instancePath+"/features",schemaPath:"#/properties/features/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate35.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate35.errors = vErrors;
return errors === 0;
}

export const isServerSettings = validate36;
const schema49 = {"type":"object","required":["name","model","task"],"properties":{"name":{"type":"string","minLength":1},"model":{"type":"string","minLength":1},"version":{"type":"string","minLength":1},"task":{"$ref":"#/definitions/Task"},"strict":{"type":"boolean"},"labels":{"type":"array","items":{"type":"string"}},"responses":{"type":"object","additionalProperties":{"type":"string"}},"device":{"$ref":"#/definitions/Device"},"batching":{"type":"object","required":["maxRows","maxDelayMs","maxQueue"],"properties":{"rows":{"$ref":"#/definitions/RowMode"},"maxRows":{"type":"integer"},"maxDelayMs":{"type":"number"},"maxQueue":{"type":"integer"},"maxTokens":{"type":"integer"}}},"threads":{"type":"integer"},"timeoutSeconds":{"type":"number"},"drift":{"$ref":"#/definitions/DriftMode"},"requestLog":{"type":"object","required":["mode"],"properties":{"mode":{"$ref":"#/definitions/RequestLogMode"},"sampleRate":{"type":"number"},"keys":{"type":"string"}}},"sensitiveFields":{"type":"array","items":{"type":"string"}},"apiKeys":{"type":"string"},"tls":{"type":"object","required":["cert","key"],"properties":{"cert":{"type":"string"},"key":{"type":"string"}}}}};
const schema52 = {"enum":["auto","independent","alone"]};
const schema53 = {"enum":["auto","off","record"]};
const schema54 = {"enum":["off","metadata","hashed","encrypted","full"]};

function validate36(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.name === undefined) && (missing0 = "name")) || ((data.model === undefined) && (missing0 = "model"))) || ((data.task === undefined) && (missing0 = "task"))){
validate36.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length < 1){
validate36.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.model !== undefined){
let data1 = data.model;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(data1.length < 1){
validate36.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.version !== undefined){
let data2 = data.version;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(data2.length < 1){
validate36.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate36.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.task !== undefined){
let data3 = data.task;
const _errs7 = errors;
if(!(((((((((((((data3 === "tensor") || (data3 === "text-classification")) || (data3 === "token-classification")) || (data3 === "question-answering")) || (data3 === "feature-extraction")) || (data3 === "zero-shot-classification")) || (data3 === "fill-mask")) || (data3 === "text-generation")) || (data3 === "code-generation")) || (data3 === "translation")) || (data3 === "image-classification")) || (data3 === "zero-shot-image-classification")) || (data3 === "image-to-text"))){
validate36.errors = [{instancePath:instancePath+"/task",schemaPath:"#/definitions/Task/enum",keyword:"enum",params:{allowedValues: schema17.enum}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.strict !== undefined){
const _errs9 = errors;
if(typeof data.strict !== "boolean"){
validate36.errors = [{instancePath:instancePath+"/strict",schemaPath:"#/properties/strict/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.labels !== undefined){
let data5 = data.labels;
const _errs11 = errors;
if(errors === _errs11){
if(Array.isArray(data5)){
var valid2 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
const _errs13 = errors;
if(typeof data5[i0] !== "string"){
validate36.errors = [{instancePath:instancePath+"/labels/" + i0,schemaPath:"#/properties/labels/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs13 === errors;
if(!valid2){
break;
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.responses !== undefined){
let data7 = data.responses;
const _errs15 = errors;
if(errors === _errs15){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
for(const key0 in data7){
const _errs18 = errors;
if(typeof data7[key0] !== "string"){
validate36.errors = [{instancePath:instancePath+"/responses/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/responses/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs18 === errors;
if(!valid3){
break;
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/responses",schemaPath:"#/properties/responses/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device !== undefined){
let data9 = data.device;
const _errs20 = errors;
if(!(((data9 === "auto") || (data9 === "gpu")) || (data9 === "cpu"))){
validate36.errors = [{instancePath:instancePath+"/device",schemaPath:"#/definitions/Device/enum",keyword:"enum",params:{allowedValues: schema44.enum}}];
return false;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.batching !== undefined){
let data10 = data.batching;
const _errs22 = errors;
if(errors === _errs22){
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
let missing1;
if((((data10.maxRows === undefined) && (missing1 = "maxRows")) || ((data10.maxDelayMs === undefined) && (missing1 = "maxDelayMs"))) || ((data10.maxQueue === undefined) && (missing1 = "maxQueue"))){
validate36.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data10.rows !== undefined){
let data11 = data10.rows;
const _errs24 = errors;
if(!(((data11 === "auto") || (data11 === "independent")) || (data11 === "alone"))){
validate36.errors = [{instancePath:instancePath+"/batching/rows",schemaPath:"#/definitions/RowMode/enum",keyword:"enum",params:{allowedValues: schema52.enum}}];
return false;
}
var valid5 = _errs24 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data10.maxRows !== undefined){
let data12 = data10.maxRows;
const _errs26 = errors;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
validate36.errors = [{instancePath:instancePath+"/batching/maxRows",schemaPath:"#/properties/batching/properties/maxRows/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid5 = _errs26 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data10.maxDelayMs !== undefined){
let data13 = data10.maxDelayMs;
const _errs28 = errors;
if(!((typeof data13 == "number") && (isFinite(data13)))){
validate36.errors = [{instancePath:instancePath+"/batching/maxDelayMs",schemaPath:"#/properties/batching/properties/maxDelayMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid5 = _errs28 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data10.maxQueue !== undefined){
let data14 = data10.maxQueue;
const _errs30 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
validate36.errors = [{instancePath:instancePath+"/batching/maxQueue",schemaPath:"#/properties/batching/properties/maxQueue/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid5 = _errs30 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data10.maxTokens !== undefined){
let data15 = data10.maxTokens;
const _errs32 = errors;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
validate36.errors = [{instancePath:instancePath+"/batching/maxTokens",schemaPath:"#/properties/batching/properties/maxTokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid5 = _errs32 === errors;
}
else {
var valid5 = true;
}
}
}
}
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.threads !== undefined){
let data16 = data.threads;
const _errs34 = errors;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
validate36.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs34 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeoutSeconds !== undefined){
let data17 = data.timeoutSeconds;
const _errs36 = errors;
if(!((typeof data17 == "number") && (isFinite(data17)))){
validate36.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.drift !== undefined){
let data18 = data.drift;
const _errs38 = errors;
if(!(((data18 === "auto") || (data18 === "off")) || (data18 === "record"))){
validate36.errors = [{instancePath:instancePath+"/drift",schemaPath:"#/definitions/DriftMode/enum",keyword:"enum",params:{allowedValues: schema53.enum}}];
return false;
}
var valid0 = _errs38 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestLog !== undefined){
let data19 = data.requestLog;
const _errs40 = errors;
if(errors === _errs40){
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
let missing2;
if((data19.mode === undefined) && (missing2 = "mode")){
validate36.errors = [{instancePath:instancePath+"/requestLog",schemaPath:"#/properties/requestLog/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data19.mode !== undefined){
let data20 = data19.mode;
const _errs42 = errors;
if(!(((((data20 === "off") || (data20 === "metadata")) || (data20 === "hashed")) || (data20 === "encrypted")) || (data20 === "full"))){
validate36.errors = [{instancePath:instancePath+"/requestLog/mode",schemaPath:"#/definitions/RequestLogMode/enum",keyword:"enum",params:{allowedValues: schema54.enum}}];
return false;
}
var valid8 = _errs42 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data19.sampleRate !== undefined){
let data21 = data19.sampleRate;
const _errs44 = errors;
if(!((typeof data21 == "number") && (isFinite(data21)))){
validate36.errors = [{instancePath:instancePath+"/requestLog/sampleRate",schemaPath:"#/properties/requestLog/properties/sampleRate/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid8 = _errs44 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data19.keys !== undefined){
const _errs46 = errors;
if(typeof data19.keys !== "string"){
validate36.errors = [{instancePath:instancePath+"/requestLog/keys",schemaPath:"#/properties/requestLog/properties/keys/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid8 = _errs46 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/requestLog",schemaPath:"#/properties/requestLog/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs40 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sensitiveFields !== undefined){
let data23 = data.sensitiveFields;
const _errs48 = errors;
if(errors === _errs48){
if(Array.isArray(data23)){
var valid10 = true;
const len1 = data23.length;
for(let i1=0; i1<len1; i1++){
const _errs50 = errors;
if(typeof data23[i1] !== "string"){
validate36.errors = [{instancePath:instancePath+"/sensitiveFields/" + i1,schemaPath:"#/properties/sensitiveFields/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid10 = _errs50 === errors;
if(!valid10){
break;
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/sensitiveFields",schemaPath:"#/properties/sensitiveFields/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs48 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.apiKeys !== undefined){
const _errs52 = errors;
if(typeof data.apiKeys !== "string"){
validate36.errors = [{instancePath:instancePath+"/apiKeys",schemaPath:"#/properties/apiKeys/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs52 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tls !== undefined){
let data26 = data.tls;
const _errs54 = errors;
if(errors === _errs54){
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
let missing3;
if(((data26.cert === undefined) && (missing3 = "cert")) || ((data26.key === undefined) && (missing3 = "key"))){
validate36.errors = [{instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data26.cert !== undefined){
const _errs56 = errors;
if(typeof data26.cert !== "string"){
validate36.errors = [{instancePath:instancePath+"/tls/cert",schemaPath:"#/properties/tls/properties/cert/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid11 = _errs56 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data26.key !== undefined){
const _errs58 = errors;
if(typeof data26.key !== "string"){
validate36.errors = [{instancePath:instancePath+"/tls/key",schemaPath:"#/properties/tls/properties/key/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid11 = _errs58 === errors;
}
else {
var valid11 = true;
}
}
}
}
else {
validate36.errors = [{instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs54 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate36.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate36.errors = vErrors;
return errors === 0;
}

export const isLogLine = validate37;
const schema55 = {"type":"object","required":["timestamp","level","message"],"properties":{"timestamp":{"$ref":"#/definitions/Time"},"level":{"$ref":"#/definitions/LogLevel"},"message":{"type":"string"}}};
const schema57 = {"enum":["error","warn","info","debug"]};

function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.timestamp === undefined) && (missing0 = "timestamp")) || ((data.level === undefined) && (missing0 = "level"))) || ((data.message === undefined) && (missing0 = "message"))){
validate37.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.timestamp !== undefined){
let data0 = data.timestamp;
const _errs1 = errors;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(!pattern2.test(data0)){
validate37.errors = [{instancePath:instancePath+"/timestamp",schemaPath:"#/definitions/Time/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$"}}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/timestamp",schemaPath:"#/definitions/Time/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.level !== undefined){
let data1 = data.level;
const _errs4 = errors;
if(!((((data1 === "error") || (data1 === "warn")) || (data1 === "info")) || (data1 === "debug"))){
validate37.errors = [{instancePath:instancePath+"/level",schemaPath:"#/definitions/LogLevel/enum",keyword:"enum",params:{allowedValues: schema57.enum}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs6 = errors;
if(typeof data.message !== "string"){
validate37.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate37.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate37.errors = vErrors;
return errors === 0;
}

export const isEvaluationRequest = validate38;
const schema58 = {"type":"object","required":["candidates","dataset","metric"],"properties":{"candidates":{"type":"array","items":{"$ref":"#/definitions/EvaluationCandidate"},"minItems":1},"dataset":{"$ref":"#/definitions/EvaluationDataset"},"metric":{"$ref":"#/definitions/Metric"},"output":{"type":"string"},"topK":{"type":"integer","minimum":1},"concurrencies":{"type":"array","items":{"type":"integer","minimum":1}},"device":{"$ref":"#/definitions/Device"},"threads":{"type":"integer","minimum":1},"batching":{"type":"object","properties":{"rows":{"$ref":"#/definitions/RowMode"},"maxRows":{"type":"integer","minimum":1},"maxDelayMs":{"type":"number","minimum":0},"maxQueue":{"type":"integer","minimum":1},"maxTokens":{"type":"integer","minimum":1}}},"timeoutSeconds":{"type":"number","exclusiveMinimum":0},"timeBudgetSeconds":{"type":"number","exclusiveMinimum":0},"seed":{"type":"integer"},"compareWith":{"type":"string"},"recordIn":{"type":"object","required":["candidate","folder"],"properties":{"candidate":{"type":"string"},"folder":{"type":"string"}}},"reportBytes":{"type":"integer","minimum":1024}}};
const schema61 = {"type":"object","required":["source"],"properties":{"source":{"type":"string"},"sourceName":{"type":"string"},"file":{"type":"string"},"sha256":{"type":"string"},"format":{"enum":["jsonl","csv"]},"split":{"type":"object","required":["share","part"],"properties":{"share":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"part":{"enum":["held-out","rest"]},"seed":{"type":"integer"}}},"sample":{"type":"object","required":["size"],"properties":{"size":{"type":"integer","minimum":1},"seed":{"type":"integer"}}}}};
const schema59 = {"type":"object","required":["name","task"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63},"task":{"$ref":"#/definitions/Task"},"source":{"type":"string"},"sourceName":{"type":"string"},"file":{"type":"string"},"sha256":{"type":"string"},"folder":{"type":"string"},"labels":{"type":"array","items":{"type":"string"}}}};

function validate39(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.name === undefined) && (missing0 = "name")) || ((data.task === undefined) && (missing0 = "task"))){
validate39.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 63){
validate39.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 63}}];
return false;
}
else {
if(data0.length < 1){
validate39.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate39.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.task !== undefined){
let data1 = data.task;
const _errs3 = errors;
if(!(((((((((((((data1 === "tensor") || (data1 === "text-classification")) || (data1 === "token-classification")) || (data1 === "question-answering")) || (data1 === "feature-extraction")) || (data1 === "zero-shot-classification")) || (data1 === "fill-mask")) || (data1 === "text-generation")) || (data1 === "code-generation")) || (data1 === "translation")) || (data1 === "image-classification")) || (data1 === "zero-shot-image-classification")) || (data1 === "image-to-text"))){
validate39.errors = [{instancePath:instancePath+"/task",schemaPath:"#/definitions/Task/enum",keyword:"enum",params:{allowedValues: schema17.enum}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.source !== undefined){
const _errs5 = errors;
if(typeof data.source !== "string"){
validate39.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sourceName !== undefined){
const _errs7 = errors;
if(typeof data.sourceName !== "string"){
validate39.errors = [{instancePath:instancePath+"/sourceName",schemaPath:"#/properties/sourceName/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file !== undefined){
const _errs9 = errors;
if(typeof data.file !== "string"){
validate39.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sha256 !== undefined){
const _errs11 = errors;
if(typeof data.sha256 !== "string"){
validate39.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.folder !== undefined){
const _errs13 = errors;
if(typeof data.folder !== "string"){
validate39.errors = [{instancePath:instancePath+"/folder",schemaPath:"#/properties/folder/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.labels !== undefined){
let data7 = data.labels;
const _errs15 = errors;
if(errors === _errs15){
if(Array.isArray(data7)){
var valid2 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
const _errs17 = errors;
if(typeof data7[i0] !== "string"){
validate39.errors = [{instancePath:instancePath+"/labels/" + i0,schemaPath:"#/properties/labels/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs17 === errors;
if(!valid2){
break;
}
}
}
else {
validate39.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate39.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate39.errors = vErrors;
return errors === 0;
}


function validate38(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.candidates === undefined) && (missing0 = "candidates")) || ((data.dataset === undefined) && (missing0 = "dataset"))) || ((data.metric === undefined) && (missing0 = "metric"))){
validate38.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.candidates !== undefined){
let data0 = data.candidates;
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
if(data0.length < 1){
validate38.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/minItems",keyword:"minItems",params:{limit: 1}}];
return false;
}
else {
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs3 = errors;
if(!(validate39(data0[i0], {instancePath:instancePath+"/candidates/" + i0,parentData:data0,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors);
errors = vErrors.length;
}
var valid1 = _errs3 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataset !== undefined){
let data2 = data.dataset;
const _errs4 = errors;
const _errs5 = errors;
if(errors === _errs5){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((data2.source === undefined) && (missing1 = "source")){
validate38.errors = [{instancePath:instancePath+"/dataset",schemaPath:"#/definitions/EvaluationDataset/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data2.source !== undefined){
const _errs7 = errors;
if(typeof data2.source !== "string"){
validate38.errors = [{instancePath:instancePath+"/dataset/source",schemaPath:"#/definitions/EvaluationDataset/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs7 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.sourceName !== undefined){
const _errs9 = errors;
if(typeof data2.sourceName !== "string"){
validate38.errors = [{instancePath:instancePath+"/dataset/sourceName",schemaPath:"#/definitions/EvaluationDataset/properties/sourceName/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs9 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.file !== undefined){
const _errs11 = errors;
if(typeof data2.file !== "string"){
validate38.errors = [{instancePath:instancePath+"/dataset/file",schemaPath:"#/definitions/EvaluationDataset/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs11 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.sha256 !== undefined){
const _errs13 = errors;
if(typeof data2.sha256 !== "string"){
validate38.errors = [{instancePath:instancePath+"/dataset/sha256",schemaPath:"#/definitions/EvaluationDataset/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs13 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.format !== undefined){
let data7 = data2.format;
const _errs15 = errors;
if(!((data7 === "jsonl") || (data7 === "csv"))){
validate38.errors = [{instancePath:instancePath+"/dataset/format",schemaPath:"#/definitions/EvaluationDataset/properties/format/enum",keyword:"enum",params:{allowedValues: schema61.properties.format.enum}}];
return false;
}
var valid3 = _errs15 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.split !== undefined){
let data8 = data2.split;
const _errs16 = errors;
if(errors === _errs16){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing2;
if(((data8.share === undefined) && (missing2 = "share")) || ((data8.part === undefined) && (missing2 = "part"))){
validate38.errors = [{instancePath:instancePath+"/dataset/split",schemaPath:"#/definitions/EvaluationDataset/properties/split/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data8.share !== undefined){
let data9 = data8.share;
const _errs18 = errors;
if(errors === _errs18){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 >= 1 || isNaN(data9)){
validate38.errors = [{instancePath:instancePath+"/dataset/split/share",schemaPath:"#/definitions/EvaluationDataset/properties/split/properties/share/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1}}];
return false;
}
else {
if(data9 <= 0 || isNaN(data9)){
validate38.errors = [{instancePath:instancePath+"/dataset/split/share",schemaPath:"#/definitions/EvaluationDataset/properties/split/properties/share/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/dataset/split/share",schemaPath:"#/definitions/EvaluationDataset/properties/split/properties/share/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid4 = _errs18 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data8.part !== undefined){
let data10 = data8.part;
const _errs20 = errors;
if(!((data10 === "held-out") || (data10 === "rest"))){
validate38.errors = [{instancePath:instancePath+"/dataset/split/part",schemaPath:"#/definitions/EvaluationDataset/properties/split/properties/part/enum",keyword:"enum",params:{allowedValues: schema61.properties.split.properties.part.enum}}];
return false;
}
var valid4 = _errs20 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data8.seed !== undefined){
let data11 = data8.seed;
const _errs21 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate38.errors = [{instancePath:instancePath+"/dataset/split/seed",schemaPath:"#/definitions/EvaluationDataset/properties/split/properties/seed/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid4 = _errs21 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/dataset/split",schemaPath:"#/definitions/EvaluationDataset/properties/split/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid3 = _errs16 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.sample !== undefined){
let data12 = data2.sample;
const _errs23 = errors;
if(errors === _errs23){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
let missing3;
if((data12.size === undefined) && (missing3 = "size")){
validate38.errors = [{instancePath:instancePath+"/dataset/sample",schemaPath:"#/definitions/EvaluationDataset/properties/sample/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data12.size !== undefined){
let data13 = data12.size;
const _errs25 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
validate38.errors = [{instancePath:instancePath+"/dataset/sample/size",schemaPath:"#/definitions/EvaluationDataset/properties/sample/properties/size/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs25){
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 < 1 || isNaN(data13)){
validate38.errors = [{instancePath:instancePath+"/dataset/sample/size",schemaPath:"#/definitions/EvaluationDataset/properties/sample/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid5 = _errs25 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data12.seed !== undefined){
let data14 = data12.seed;
const _errs27 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
validate38.errors = [{instancePath:instancePath+"/dataset/sample/seed",schemaPath:"#/definitions/EvaluationDataset/properties/sample/properties/seed/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid5 = _errs27 === errors;
}
else {
var valid5 = true;
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/dataset/sample",schemaPath:"#/definitions/EvaluationDataset/properties/sample/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid3 = _errs23 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/dataset",schemaPath:"#/definitions/EvaluationDataset/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metric !== undefined){
let data15 = data.metric;
const _errs29 = errors;
if(!(((((((((((((((data15 === "accuracy") || (data15 === "topK")) || (data15 === "f1Macro")) || (data15 === "f1Weighted")) || (data15 === "entityF1")) || (data15 === "exactMatch")) || (data15 === "tokenF1")) || (data15 === "bleu")) || (data15 === "chrf")) || (data15 === "perplexity")) || (data15 === "meanAbsoluteError")) || (data15 === "meanSquaredError")) || (data15 === "r2")) || (data15 === "recallAtK")) || (data15 === "meanReciprocalRank"))){
validate38.errors = [{instancePath:instancePath+"/metric",schemaPath:"#/definitions/Metric/enum",keyword:"enum",params:{allowedValues: schema41.enum}}];
return false;
}
var valid0 = _errs29 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.output !== undefined){
const _errs31 = errors;
if(typeof data.output !== "string"){
validate38.errors = [{instancePath:instancePath+"/output",schemaPath:"#/properties/output/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs31 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.topK !== undefined){
let data17 = data.topK;
const _errs33 = errors;
if(!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17)))){
validate38.errors = [{instancePath:instancePath+"/topK",schemaPath:"#/properties/topK/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs33){
if((typeof data17 == "number") && (isFinite(data17))){
if(data17 < 1 || isNaN(data17)){
validate38.errors = [{instancePath:instancePath+"/topK",schemaPath:"#/properties/topK/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs33 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.concurrencies !== undefined){
let data18 = data.concurrencies;
const _errs35 = errors;
if(errors === _errs35){
if(Array.isArray(data18)){
var valid7 = true;
const len1 = data18.length;
for(let i1=0; i1<len1; i1++){
let data19 = data18[i1];
const _errs37 = errors;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
validate38.errors = [{instancePath:instancePath+"/concurrencies/" + i1,schemaPath:"#/properties/concurrencies/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs37){
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 < 1 || isNaN(data19)){
validate38.errors = [{instancePath:instancePath+"/concurrencies/" + i1,schemaPath:"#/properties/concurrencies/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid7 = _errs37 === errors;
if(!valid7){
break;
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/concurrencies",schemaPath:"#/properties/concurrencies/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs35 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device !== undefined){
let data20 = data.device;
const _errs39 = errors;
if(!(((data20 === "auto") || (data20 === "gpu")) || (data20 === "cpu"))){
validate38.errors = [{instancePath:instancePath+"/device",schemaPath:"#/definitions/Device/enum",keyword:"enum",params:{allowedValues: schema44.enum}}];
return false;
}
var valid0 = _errs39 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.threads !== undefined){
let data21 = data.threads;
const _errs41 = errors;
if(!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21)))){
validate38.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs41){
if((typeof data21 == "number") && (isFinite(data21))){
if(data21 < 1 || isNaN(data21)){
validate38.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs41 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.batching !== undefined){
let data22 = data.batching;
const _errs43 = errors;
if(errors === _errs43){
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
if(data22.rows !== undefined){
let data23 = data22.rows;
const _errs45 = errors;
if(!(((data23 === "auto") || (data23 === "independent")) || (data23 === "alone"))){
validate38.errors = [{instancePath:instancePath+"/batching/rows",schemaPath:"#/definitions/RowMode/enum",keyword:"enum",params:{allowedValues: schema52.enum}}];
return false;
}
var valid9 = _errs45 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data22.maxRows !== undefined){
let data24 = data22.maxRows;
const _errs47 = errors;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
validate38.errors = [{instancePath:instancePath+"/batching/maxRows",schemaPath:"#/properties/batching/properties/maxRows/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs47){
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 < 1 || isNaN(data24)){
validate38.errors = [{instancePath:instancePath+"/batching/maxRows",schemaPath:"#/properties/batching/properties/maxRows/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid9 = _errs47 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data22.maxDelayMs !== undefined){
let data25 = data22.maxDelayMs;
const _errs49 = errors;
if(errors === _errs49){
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 < 0 || isNaN(data25)){
validate38.errors = [{instancePath:instancePath+"/batching/maxDelayMs",schemaPath:"#/properties/batching/properties/maxDelayMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/batching/maxDelayMs",schemaPath:"#/properties/batching/properties/maxDelayMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid9 = _errs49 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data22.maxQueue !== undefined){
let data26 = data22.maxQueue;
const _errs51 = errors;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
validate38.errors = [{instancePath:instancePath+"/batching/maxQueue",schemaPath:"#/properties/batching/properties/maxQueue/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs51){
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 < 1 || isNaN(data26)){
validate38.errors = [{instancePath:instancePath+"/batching/maxQueue",schemaPath:"#/properties/batching/properties/maxQueue/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid9 = _errs51 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data22.maxTokens !== undefined){
let data27 = data22.maxTokens;
const _errs53 = errors;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
validate38.errors = [{instancePath:instancePath+"/batching/maxTokens",schemaPath:"#/properties/batching/properties/maxTokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs53){
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 < 1 || isNaN(data27)){
validate38.errors = [{instancePath:instancePath+"/batching/maxTokens",schemaPath:"#/properties/batching/properties/maxTokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid9 = _errs53 === errors;
}
else {
var valid9 = true;
}
}
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs43 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeoutSeconds !== undefined){
let data28 = data.timeoutSeconds;
const _errs55 = errors;
if(errors === _errs55){
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 <= 0 || isNaN(data28)){
validate38.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs55 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeBudgetSeconds !== undefined){
let data29 = data.timeBudgetSeconds;
const _errs57 = errors;
if(errors === _errs57){
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 <= 0 || isNaN(data29)){
validate38.errors = [{instancePath:instancePath+"/timeBudgetSeconds",schemaPath:"#/properties/timeBudgetSeconds/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
else {
validate38.errors = [{instancePath:instancePath+"/timeBudgetSeconds",schemaPath:"#/properties/timeBudgetSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs57 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seed !== undefined){
let data30 = data.seed;
const _errs59 = errors;
if(!(((typeof data30 == "number") && (!(data30 % 1) && !isNaN(data30))) && (isFinite(data30)))){
validate38.errors = [{instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs59 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.compareWith !== undefined){
const _errs61 = errors;
if(typeof data.compareWith !== "string"){
validate38.errors = [{instancePath:instancePath+"/compareWith",schemaPath:"#/properties/compareWith/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs61 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.recordIn !== undefined){
let data32 = data.recordIn;
const _errs63 = errors;
if(errors === _errs63){
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
let missing4;
if(((data32.candidate === undefined) && (missing4 = "candidate")) || ((data32.folder === undefined) && (missing4 = "folder"))){
validate38.errors = [{instancePath:instancePath+"/recordIn",schemaPath:"#/properties/recordIn/required",keyword:"required",params:{missingProperty: missing4}}];
return false;
}
else {
if(data32.candidate !== undefined){
const _errs65 = errors;
if(typeof data32.candidate !== "string"){
validate38.errors = [{instancePath:instancePath+"/recordIn/candidate",schemaPath:"#/properties/recordIn/properties/candidate/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid11 = _errs65 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data32.folder !== undefined){
const _errs67 = errors;
if(typeof data32.folder !== "string"){
validate38.errors = [{instancePath:instancePath+"/recordIn/folder",schemaPath:"#/properties/recordIn/properties/folder/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid11 = _errs67 === errors;
}
else {
var valid11 = true;
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/recordIn",schemaPath:"#/properties/recordIn/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs63 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reportBytes !== undefined){
let data35 = data.reportBytes;
const _errs69 = errors;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
validate38.errors = [{instancePath:instancePath+"/reportBytes",schemaPath:"#/properties/reportBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs69){
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 < 1024 || isNaN(data35)){
validate38.errors = [{instancePath:instancePath+"/reportBytes",schemaPath:"#/properties/reportBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1024}}];
return false;
}
}
}
var valid0 = _errs69 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate38.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate38.errors = vErrors;
return errors === 0;
}

export const isEvaluationReport = validate41;
const schema65 = {"anyOf":[{"$ref":"#/definitions/MeasuredReport"},{"$ref":"#/definitions/EvaluationFailedReport"}]};
const schema66 = {"type":"object","required":["outcome","candidates","dataset"],"properties":{"outcome":{"const":"measured"},"candidates":{"type":"array","items":{"anyOf":[{"$ref":"#/definitions/Measurement"},{"$ref":"#/definitions/Unmeasured"}]}},"dataset":{"$ref":"#/definitions/EvaluatedDataset"},"comparisons":{"type":"array","items":{"$ref":"#/definitions/Comparison"}},"report":{"$ref":"#/definitions/ReportLocation"}}};
const schema67 = {"type":"object","required":["name","reason","message"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63},"reason":{"anyOf":[{"$ref":"#/definitions/ImportFailure"},{"$ref":"#/definitions/CandidateFailure"}]},"message":{"type":"string"},"retry":{"enum":["never","backoff"]}}};
const schema69 = {"enum":["LoadFailed","OutOfMemory","LabelsMismatch","ShapeMismatch","PredictionFailed","OutOfTime","MetricUnsupported","EvaluationFailed"]};

function validate44(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.name === undefined) && (missing0 = "name")) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))){
validate44.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 63){
validate44.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 63}}];
return false;
}
else {
if(data0.length < 1){
validate44.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate44.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data1 = data.reason;
const _errs3 = errors;
const _errs4 = errors;
let valid1 = false;
const _errs5 = errors;
if(!((((((((((((data1 === "SourceUnreachable") || (data1 === "SourceNotFound")) || (data1 === "SourceForbidden")) || (data1 === "SourceNotAllowed")) || (data1 === "SourceUnsupported")) || (data1 === "DigestMismatch")) || (data1 === "NotOnnx")) || (data1 === "UnsafePath")) || (data1 === "ModelIncomplete")) || (data1 === "ModelUnsupported")) || (data1 === "VolumeFull")) || (data1 === "ImportFailed"))){
const err0 = {instancePath:instancePath+"/reason",schemaPath:"#/definitions/ImportFailure/enum",keyword:"enum",params:{allowedValues: schema22.enum}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
var _valid0 = _errs5 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs7 = errors;
if(!((((((((data1 === "LoadFailed") || (data1 === "OutOfMemory")) || (data1 === "LabelsMismatch")) || (data1 === "ShapeMismatch")) || (data1 === "PredictionFailed")) || (data1 === "OutOfTime")) || (data1 === "MetricUnsupported")) || (data1 === "EvaluationFailed"))){
const err1 = {instancePath:instancePath+"/reason",schemaPath:"#/definitions/CandidateFailure/enum",keyword:"enum",params:{allowedValues: schema69.enum}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var _valid0 = _errs7 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err2 = {instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
validate44.errors = vErrors;
return false;
}
else {
errors = _errs4;
if(vErrors !== null){
if(_errs4){
vErrors.length = _errs4;
}
else {
vErrors = null;
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs9 = errors;
if(typeof data.message !== "string"){
validate44.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retry !== undefined){
let data3 = data.retry;
const _errs11 = errors;
if(!((data3 === "never") || (data3 === "backoff"))){
validate44.errors = [{instancePath:instancePath+"/retry",schemaPath:"#/properties/retry/enum",keyword:"enum",params:{allowedValues: schema67.properties.retry.enum}}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate44.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate44.errors = vErrors;
return errors === 0;
}

const schema71 = {"type":"object","required":["sha256","sizeBytes","parts"],"properties":{"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"parts":{"type":"integer","minimum":1}}};

function validate47(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.sha256 === undefined) && (missing0 = "sha256")) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.parts === undefined) && (missing0 = "parts"))){
validate47.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.sha256 !== undefined){
let data0 = data.sha256;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(!pattern6.test(data0)){
validate47.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate47.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
let data1 = data.sizeBytes;
const _errs3 = errors;
const _errs4 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate47.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs4){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 9007199254740991 || isNaN(data1)){
validate47.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data1 < 0 || isNaN(data1)){
validate47.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/definitions/SizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.parts !== undefined){
let data2 = data.parts;
const _errs6 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate47.errors = [{instancePath:instancePath+"/parts",schemaPath:"#/properties/parts/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs6){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate47.errors = [{instancePath:instancePath+"/parts",schemaPath:"#/properties/parts/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate47.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate47.errors = vErrors;
return errors === 0;
}


function validate42(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.candidates === undefined) && (missing0 = "candidates"))) || ((data.dataset === undefined) && (missing0 = "dataset"))){
validate42.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("measured" !== data.outcome){
validate42.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "measured"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.candidates !== undefined){
let data1 = data.candidates;
const _errs2 = errors;
if(errors === _errs2){
if(Array.isArray(data1)){
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs4 = errors;
const _errs5 = errors;
let valid2 = false;
const _errs6 = errors;
if(!(validate25(data2, {instancePath:instancePath+"/candidates/" + i0,parentData:data1,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
var _valid0 = _errs6 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const _errs7 = errors;
if(!(validate44(data2, {instancePath:instancePath+"/candidates/" + i0,parentData:data1,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate44.errors : vErrors.concat(validate44.errors);
errors = vErrors.length;
}
var _valid0 = _errs7 === errors;
valid2 = valid2 || _valid0;
}
if(!valid2){
const err0 = {instancePath:instancePath+"/candidates/" + i0,schemaPath:"#/properties/candidates/items/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
validate42.errors = vErrors;
return false;
}
else {
errors = _errs5;
if(vErrors !== null){
if(_errs5){
vErrors.length = _errs5;
}
else {
vErrors = null;
}
}
}
var valid1 = _errs4 === errors;
if(!valid1){
break;
}
}
}
else {
validate42.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataset !== undefined){
let data3 = data.dataset;
const _errs8 = errors;
const _errs9 = errors;
if(errors === _errs9){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if(((((data3.source === undefined) && (missing1 = "source")) || ((data3.digest === undefined) && (missing1 = "digest"))) || ((data3.samples === undefined) && (missing1 = "samples"))) || ((data3.total === undefined) && (missing1 = "total"))){
validate42.errors = [{instancePath:instancePath+"/dataset",schemaPath:"#/definitions/EvaluatedDataset/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data3.source !== undefined){
const _errs11 = errors;
if(typeof data3.source !== "string"){
validate42.errors = [{instancePath:instancePath+"/dataset/source",schemaPath:"#/definitions/EvaluatedDataset/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid4 = _errs11 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data3.digest !== undefined){
let data5 = data3.digest;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data5 === "string"){
if(!pattern1.test(data5)){
validate42.errors = [{instancePath:instancePath+"/dataset/digest",schemaPath:"#/definitions/EvaluatedDataset/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate42.errors = [{instancePath:instancePath+"/dataset/digest",schemaPath:"#/definitions/EvaluatedDataset/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid4 = _errs13 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data3.samples !== undefined){
let data6 = data3.samples;
const _errs15 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate42.errors = [{instancePath:instancePath+"/dataset/samples",schemaPath:"#/definitions/EvaluatedDataset/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs15){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 1 || isNaN(data6)){
validate42.errors = [{instancePath:instancePath+"/dataset/samples",schemaPath:"#/definitions/EvaluatedDataset/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid4 = _errs15 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data3.total !== undefined){
let data7 = data3.total;
const _errs17 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate42.errors = [{instancePath:instancePath+"/dataset/total",schemaPath:"#/definitions/EvaluatedDataset/properties/total/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs17){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 1 || isNaN(data7)){
validate42.errors = [{instancePath:instancePath+"/dataset/total",schemaPath:"#/definitions/EvaluatedDataset/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid4 = _errs17 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
}
else {
validate42.errors = [{instancePath:instancePath+"/dataset",schemaPath:"#/definitions/EvaluatedDataset/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comparisons !== undefined){
let data8 = data.comparisons;
const _errs19 = errors;
if(errors === _errs19){
if(Array.isArray(data8)){
var valid5 = true;
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
const _errs21 = errors;
if(!(validate31(data8[i1], {instancePath:instancePath+"/comparisons/" + i1,parentData:data8,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
var valid5 = _errs21 === errors;
if(!valid5){
break;
}
}
}
else {
validate42.errors = [{instancePath:instancePath+"/comparisons",schemaPath:"#/properties/comparisons/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.report !== undefined){
const _errs22 = errors;
if(!(validate47(data.report, {instancePath:instancePath+"/report",parentData:data,parentDataProperty:"report",rootData}))){
vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors);
errors = vErrors.length;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate42.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate42.errors = vErrors;
return errors === 0;
}

const schema73 = {"type":"object","required":["outcome","reason","message","retry"],"properties":{"outcome":{"const":"failed"},"reason":{"$ref":"#/definitions/EvaluationFailure"},"message":{"type":"string"},"retry":{"enum":["never","backoff"]}}};
const schema74 = {"enum":["DatasetUnreachable","DatasetNotFound","DatasetForbidden","DatasetNotAllowed","DatasetInvalid","MetricUnsupported","EvaluationFailed"]};

function validate50(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))) || ((data.retry === undefined) && (missing0 = "retry"))){
validate50.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("failed" !== data.outcome){
validate50.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "failed"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
let data1 = data.reason;
const _errs2 = errors;
if(!(((((((data1 === "DatasetUnreachable") || (data1 === "DatasetNotFound")) || (data1 === "DatasetForbidden")) || (data1 === "DatasetNotAllowed")) || (data1 === "DatasetInvalid")) || (data1 === "MetricUnsupported")) || (data1 === "EvaluationFailed"))){
validate50.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/definitions/EvaluationFailure/enum",keyword:"enum",params:{allowedValues: schema74.enum}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs4 = errors;
if(typeof data.message !== "string"){
validate50.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retry !== undefined){
let data3 = data.retry;
const _errs6 = errors;
if(!((data3 === "never") || (data3 === "backoff"))){
validate50.errors = [{instancePath:instancePath+"/retry",schemaPath:"#/properties/retry/enum",keyword:"enum",params:{allowedValues: schema73.properties.retry.enum}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate50.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate50.errors = vErrors;
return errors === 0;
}


function validate41(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate42(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate50(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
const err0 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
validate41.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate41.errors = vErrors;
return errors === 0;
}

export const isCandidateReports = validate52;
const schema75 = {"type":"object","required":["evaluatedAt","dataset","candidates"],"properties":{"evaluatedAt":{"$ref":"#/definitions/Time"},"dataset":{"$ref":"#/definitions/EvaluatedDataset"},"metric":{"$ref":"#/definitions/Metric"},"candidates":{"type":"array","items":{"anyOf":[{"$ref":"#/definitions/CandidateReport"},{"$ref":"#/definitions/Unmeasured"}]}},"comparisons":{"type":"array","items":{"$ref":"#/definitions/Comparison"}}}};
const schema79 = {"type":"object","required":["measurement"],"properties":{"measurement":{"$ref":"#/definitions/Measurement"},"confusion":{"$ref":"#/definitions/ConfusionMatrix"},"perClass":{"type":"array","items":{"type":"object","required":["label","precision","recall","f1","support"],"properties":{"label":{"type":"string"},"precision":{"type":"number"},"recall":{"type":"number"},"f1":{"type":"number"},"support":{"type":"integer"}}}},"latencies":{"allOf":[{"$ref":"#/definitions/Histogram"}]},"rounds":{"type":"array","items":{"type":"object","required":["concurrency","throughputPerSecond"],"properties":{"concurrency":{"type":"integer"},"throughputPerSecond":{"type":"array","items":{"type":"number"}}}}},"remarks":{"type":"array","items":{"type":"string"}},"mistakes":{"type":"array","items":{"type":"object","required":["line","expected","predicted"],"properties":{"line":{"type":"integer"},"expected":{"type":"string"},"predicted":{"type":"string"}}}}}};
const schema80 = {"type":"object","required":["labels","counts"],"properties":{"labels":{"type":"array","items":{"type":"string"}},"counts":{"type":"array","items":{"type":"array","items":{"type":"integer"}}}}};
const schema81 = {"type":"object","required":["edges","counts"],"properties":{"edges":{"type":"array","items":{"type":"number"}},"counts":{"type":"array","items":{"type":"integer"}}}};

function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.measurement === undefined) && (missing0 = "measurement")){
validate53.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.measurement !== undefined){
const _errs1 = errors;
if(!(validate25(data.measurement, {instancePath:instancePath+"/measurement",parentData:data,parentDataProperty:"measurement",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.confusion !== undefined){
let data1 = data.confusion;
const _errs2 = errors;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((data1.labels === undefined) && (missing1 = "labels")) || ((data1.counts === undefined) && (missing1 = "counts"))){
validate53.errors = [{instancePath:instancePath+"/confusion",schemaPath:"#/definitions/ConfusionMatrix/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.labels !== undefined){
let data2 = data1.labels;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
var valid3 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
const _errs7 = errors;
if(typeof data2[i0] !== "string"){
validate53.errors = [{instancePath:instancePath+"/confusion/labels/" + i0,schemaPath:"#/definitions/ConfusionMatrix/properties/labels/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs7 === errors;
if(!valid3){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/confusion/labels",schemaPath:"#/definitions/ConfusionMatrix/properties/labels/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid2 = _errs5 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.counts !== undefined){
let data4 = data1.counts;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data4)){
var valid4 = true;
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
const _errs11 = errors;
if(errors === _errs11){
if(Array.isArray(data5)){
var valid5 = true;
const len2 = data5.length;
for(let i2=0; i2<len2; i2++){
let data6 = data5[i2];
const _errs13 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate53.errors = [{instancePath:instancePath+"/confusion/counts/" + i1+"/" + i2,schemaPath:"#/definitions/ConfusionMatrix/properties/counts/items/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid5 = _errs13 === errors;
if(!valid5){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/confusion/counts/" + i1,schemaPath:"#/definitions/ConfusionMatrix/properties/counts/items/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid4 = _errs11 === errors;
if(!valid4){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/confusion/counts",schemaPath:"#/definitions/ConfusionMatrix/properties/counts/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/confusion",schemaPath:"#/definitions/ConfusionMatrix/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.perClass !== undefined){
let data7 = data.perClass;
const _errs15 = errors;
if(errors === _errs15){
if(Array.isArray(data7)){
var valid6 = true;
const len3 = data7.length;
for(let i3=0; i3<len3; i3++){
let data8 = data7[i3];
const _errs17 = errors;
if(errors === _errs17){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing2;
if((((((data8.label === undefined) && (missing2 = "label")) || ((data8.precision === undefined) && (missing2 = "precision"))) || ((data8.recall === undefined) && (missing2 = "recall"))) || ((data8.f1 === undefined) && (missing2 = "f1"))) || ((data8.support === undefined) && (missing2 = "support"))){
validate53.errors = [{instancePath:instancePath+"/perClass/" + i3,schemaPath:"#/properties/perClass/items/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data8.label !== undefined){
const _errs19 = errors;
if(typeof data8.label !== "string"){
validate53.errors = [{instancePath:instancePath+"/perClass/" + i3+"/label",schemaPath:"#/properties/perClass/items/properties/label/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid7 = _errs19 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data8.precision !== undefined){
let data10 = data8.precision;
const _errs21 = errors;
if(!((typeof data10 == "number") && (isFinite(data10)))){
validate53.errors = [{instancePath:instancePath+"/perClass/" + i3+"/precision",schemaPath:"#/properties/perClass/items/properties/precision/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid7 = _errs21 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data8.recall !== undefined){
let data11 = data8.recall;
const _errs23 = errors;
if(!((typeof data11 == "number") && (isFinite(data11)))){
validate53.errors = [{instancePath:instancePath+"/perClass/" + i3+"/recall",schemaPath:"#/properties/perClass/items/properties/recall/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid7 = _errs23 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data8.f1 !== undefined){
let data12 = data8.f1;
const _errs25 = errors;
if(!((typeof data12 == "number") && (isFinite(data12)))){
validate53.errors = [{instancePath:instancePath+"/perClass/" + i3+"/f1",schemaPath:"#/properties/perClass/items/properties/f1/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid7 = _errs25 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data8.support !== undefined){
let data13 = data8.support;
const _errs27 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
validate53.errors = [{instancePath:instancePath+"/perClass/" + i3+"/support",schemaPath:"#/properties/perClass/items/properties/support/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid7 = _errs27 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/perClass/" + i3,schemaPath:"#/properties/perClass/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid6 = _errs17 === errors;
if(!valid6){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/perClass",schemaPath:"#/properties/perClass/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.latencies !== undefined){
let data14 = data.latencies;
const _errs29 = errors;
const _errs31 = errors;
if(errors === _errs31){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
let missing3;
if(((data14.edges === undefined) && (missing3 = "edges")) || ((data14.counts === undefined) && (missing3 = "counts"))){
validate53.errors = [{instancePath:instancePath+"/latencies",schemaPath:"#/definitions/Histogram/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data14.edges !== undefined){
let data15 = data14.edges;
const _errs33 = errors;
if(errors === _errs33){
if(Array.isArray(data15)){
var valid11 = true;
const len4 = data15.length;
for(let i4=0; i4<len4; i4++){
let data16 = data15[i4];
const _errs35 = errors;
if(!((typeof data16 == "number") && (isFinite(data16)))){
validate53.errors = [{instancePath:instancePath+"/latencies/edges/" + i4,schemaPath:"#/definitions/Histogram/properties/edges/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid11 = _errs35 === errors;
if(!valid11){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/latencies/edges",schemaPath:"#/definitions/Histogram/properties/edges/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid10 = _errs33 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data14.counts !== undefined){
let data17 = data14.counts;
const _errs37 = errors;
if(errors === _errs37){
if(Array.isArray(data17)){
var valid12 = true;
const len5 = data17.length;
for(let i5=0; i5<len5; i5++){
let data18 = data17[i5];
const _errs39 = errors;
if(!(((typeof data18 == "number") && (!(data18 % 1) && !isNaN(data18))) && (isFinite(data18)))){
validate53.errors = [{instancePath:instancePath+"/latencies/counts/" + i5,schemaPath:"#/definitions/Histogram/properties/counts/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid12 = _errs39 === errors;
if(!valid12){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/latencies/counts",schemaPath:"#/definitions/Histogram/properties/counts/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid10 = _errs37 === errors;
}
else {
var valid10 = true;
}
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/latencies",schemaPath:"#/definitions/Histogram/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs29 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rounds !== undefined){
let data19 = data.rounds;
const _errs41 = errors;
if(errors === _errs41){
if(Array.isArray(data19)){
var valid13 = true;
const len6 = data19.length;
for(let i6=0; i6<len6; i6++){
let data20 = data19[i6];
const _errs43 = errors;
if(errors === _errs43){
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
let missing4;
if(((data20.concurrency === undefined) && (missing4 = "concurrency")) || ((data20.throughputPerSecond === undefined) && (missing4 = "throughputPerSecond"))){
validate53.errors = [{instancePath:instancePath+"/rounds/" + i6,schemaPath:"#/properties/rounds/items/required",keyword:"required",params:{missingProperty: missing4}}];
return false;
}
else {
if(data20.concurrency !== undefined){
let data21 = data20.concurrency;
const _errs45 = errors;
if(!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21)))){
validate53.errors = [{instancePath:instancePath+"/rounds/" + i6+"/concurrency",schemaPath:"#/properties/rounds/items/properties/concurrency/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid14 = _errs45 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data20.throughputPerSecond !== undefined){
let data22 = data20.throughputPerSecond;
const _errs47 = errors;
if(errors === _errs47){
if(Array.isArray(data22)){
var valid15 = true;
const len7 = data22.length;
for(let i7=0; i7<len7; i7++){
let data23 = data22[i7];
const _errs49 = errors;
if(!((typeof data23 == "number") && (isFinite(data23)))){
validate53.errors = [{instancePath:instancePath+"/rounds/" + i6+"/throughputPerSecond/" + i7,schemaPath:"#/properties/rounds/items/properties/throughputPerSecond/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid15 = _errs49 === errors;
if(!valid15){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/rounds/" + i6+"/throughputPerSecond",schemaPath:"#/properties/rounds/items/properties/throughputPerSecond/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid14 = _errs47 === errors;
}
else {
var valid14 = true;
}
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/rounds/" + i6,schemaPath:"#/properties/rounds/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid13 = _errs43 === errors;
if(!valid13){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/rounds",schemaPath:"#/properties/rounds/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs41 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.remarks !== undefined){
let data24 = data.remarks;
const _errs51 = errors;
if(errors === _errs51){
if(Array.isArray(data24)){
var valid16 = true;
const len8 = data24.length;
for(let i8=0; i8<len8; i8++){
const _errs53 = errors;
if(typeof data24[i8] !== "string"){
validate53.errors = [{instancePath:instancePath+"/remarks/" + i8,schemaPath:"#/properties/remarks/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid16 = _errs53 === errors;
if(!valid16){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/remarks",schemaPath:"#/properties/remarks/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs51 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.mistakes !== undefined){
let data26 = data.mistakes;
const _errs55 = errors;
if(errors === _errs55){
if(Array.isArray(data26)){
var valid17 = true;
const len9 = data26.length;
for(let i9=0; i9<len9; i9++){
let data27 = data26[i9];
const _errs57 = errors;
if(errors === _errs57){
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
let missing5;
if((((data27.line === undefined) && (missing5 = "line")) || ((data27.expected === undefined) && (missing5 = "expected"))) || ((data27.predicted === undefined) && (missing5 = "predicted"))){
validate53.errors = [{instancePath:instancePath+"/mistakes/" + i9,schemaPath:"#/properties/mistakes/items/required",keyword:"required",params:{missingProperty: missing5}}];
return false;
}
else {
if(data27.line !== undefined){
let data28 = data27.line;
const _errs59 = errors;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
validate53.errors = [{instancePath:instancePath+"/mistakes/" + i9+"/line",schemaPath:"#/properties/mistakes/items/properties/line/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid18 = _errs59 === errors;
}
else {
var valid18 = true;
}
if(valid18){
if(data27.expected !== undefined){
const _errs61 = errors;
if(typeof data27.expected !== "string"){
validate53.errors = [{instancePath:instancePath+"/mistakes/" + i9+"/expected",schemaPath:"#/properties/mistakes/items/properties/expected/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid18 = _errs61 === errors;
}
else {
var valid18 = true;
}
if(valid18){
if(data27.predicted !== undefined){
const _errs63 = errors;
if(typeof data27.predicted !== "string"){
validate53.errors = [{instancePath:instancePath+"/mistakes/" + i9+"/predicted",schemaPath:"#/properties/mistakes/items/properties/predicted/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid18 = _errs63 === errors;
}
else {
var valid18 = true;
}
}
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/mistakes/" + i9,schemaPath:"#/properties/mistakes/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid17 = _errs57 === errors;
if(!valid17){
break;
}
}
}
else {
validate53.errors = [{instancePath:instancePath+"/mistakes",schemaPath:"#/properties/mistakes/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs55 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate53.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate53.errors = vErrors;
return errors === 0;
}


function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.evaluatedAt === undefined) && (missing0 = "evaluatedAt")) || ((data.dataset === undefined) && (missing0 = "dataset"))) || ((data.candidates === undefined) && (missing0 = "candidates"))){
validate52.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.evaluatedAt !== undefined){
let data0 = data.evaluatedAt;
const _errs1 = errors;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(!pattern2.test(data0)){
validate52.errors = [{instancePath:instancePath+"/evaluatedAt",schemaPath:"#/definitions/Time/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$"}}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/evaluatedAt",schemaPath:"#/definitions/Time/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataset !== undefined){
let data1 = data.dataset;
const _errs4 = errors;
const _errs5 = errors;
if(errors === _errs5){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((((data1.source === undefined) && (missing1 = "source")) || ((data1.digest === undefined) && (missing1 = "digest"))) || ((data1.samples === undefined) && (missing1 = "samples"))) || ((data1.total === undefined) && (missing1 = "total"))){
validate52.errors = [{instancePath:instancePath+"/dataset",schemaPath:"#/definitions/EvaluatedDataset/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.source !== undefined){
const _errs7 = errors;
if(typeof data1.source !== "string"){
validate52.errors = [{instancePath:instancePath+"/dataset/source",schemaPath:"#/definitions/EvaluatedDataset/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs7 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.digest !== undefined){
let data3 = data1.digest;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data3 === "string"){
if(!pattern1.test(data3)){
validate52.errors = [{instancePath:instancePath+"/dataset/digest",schemaPath:"#/definitions/EvaluatedDataset/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate52.errors = [{instancePath:instancePath+"/dataset/digest",schemaPath:"#/definitions/EvaluatedDataset/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs9 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.samples !== undefined){
let data4 = data1.samples;
const _errs11 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate52.errors = [{instancePath:instancePath+"/dataset/samples",schemaPath:"#/definitions/EvaluatedDataset/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs11){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 1 || isNaN(data4)){
validate52.errors = [{instancePath:instancePath+"/dataset/samples",schemaPath:"#/definitions/EvaluatedDataset/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid3 = _errs11 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.total !== undefined){
let data5 = data1.total;
const _errs13 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate52.errors = [{instancePath:instancePath+"/dataset/total",schemaPath:"#/definitions/EvaluatedDataset/properties/total/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs13){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 1 || isNaN(data5)){
validate52.errors = [{instancePath:instancePath+"/dataset/total",schemaPath:"#/definitions/EvaluatedDataset/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid3 = _errs13 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/dataset",schemaPath:"#/definitions/EvaluatedDataset/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metric !== undefined){
let data6 = data.metric;
const _errs15 = errors;
if(!(((((((((((((((data6 === "accuracy") || (data6 === "topK")) || (data6 === "f1Macro")) || (data6 === "f1Weighted")) || (data6 === "entityF1")) || (data6 === "exactMatch")) || (data6 === "tokenF1")) || (data6 === "bleu")) || (data6 === "chrf")) || (data6 === "perplexity")) || (data6 === "meanAbsoluteError")) || (data6 === "meanSquaredError")) || (data6 === "r2")) || (data6 === "recallAtK")) || (data6 === "meanReciprocalRank"))){
validate52.errors = [{instancePath:instancePath+"/metric",schemaPath:"#/definitions/Metric/enum",keyword:"enum",params:{allowedValues: schema41.enum}}];
return false;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.candidates !== undefined){
let data7 = data.candidates;
const _errs17 = errors;
if(errors === _errs17){
if(Array.isArray(data7)){
var valid5 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
const _errs19 = errors;
const _errs20 = errors;
let valid6 = false;
const _errs21 = errors;
if(!(validate53(data8, {instancePath:instancePath+"/candidates/" + i0,parentData:data7,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
var _valid0 = _errs21 === errors;
valid6 = valid6 || _valid0;
if(!valid6){
const _errs22 = errors;
if(!(validate44(data8, {instancePath:instancePath+"/candidates/" + i0,parentData:data7,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate44.errors : vErrors.concat(validate44.errors);
errors = vErrors.length;
}
var _valid0 = _errs22 === errors;
valid6 = valid6 || _valid0;
}
if(!valid6){
const err0 = {instancePath:instancePath+"/candidates/" + i0,schemaPath:"#/properties/candidates/items/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
validate52.errors = vErrors;
return false;
}
else {
errors = _errs20;
if(vErrors !== null){
if(_errs20){
vErrors.length = _errs20;
}
else {
vErrors = null;
}
}
}
var valid5 = _errs19 === errors;
if(!valid5){
break;
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comparisons !== undefined){
let data9 = data.comparisons;
const _errs23 = errors;
if(errors === _errs23){
if(Array.isArray(data9)){
var valid7 = true;
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
const _errs25 = errors;
if(!(validate31(data9[i1], {instancePath:instancePath+"/comparisons/" + i1,parentData:data9,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
var valid7 = _errs25 === errors;
if(!valid7){
break;
}
}
}
else {
validate52.errors = [{instancePath:instancePath+"/comparisons",schemaPath:"#/properties/comparisons/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate52.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate52.errors = vErrors;
return errors === 0;
}
