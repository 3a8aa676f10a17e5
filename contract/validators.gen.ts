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
const schema24 = {"allOf":[{"$ref":"#/definitions/IndexedVersion"},{"type":"object","required":["files"],"properties":{"files":{"type":"array","items":{"type":"object","required":["path","sizeBytes","sha256"],"properties":{"path":{"type":"string","minLength":1},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"}}}},"rows":{"type":"object","additionalProperties":{"$ref":"#/definitions/KeptProof"}}}}]};
const schema26 = {"type":"object","required":["proofVersion","verdict"],"properties":{"proofVersion":{"type":"integer"},"verdict":{"enum":["independent","scaled","unproven","unbatchable"]},"reason":{"type":"string"},"node":{"type":"string"},"operator":{"type":"string"}}};
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

export const isServedModel = validate24;
const schema27 = {"type":"object","required":["version","device"],"properties":{"version":{"type":"string","minLength":1,"maxLength":253},"device":{"type":"object","required":["requested","active"],"properties":{"requested":{"$ref":"#/definitions/Device"},"active":{"$ref":"#/definitions/Accelerator"},"reason":{"type":"string"}}},"batching":{"type":"object","required":["rows","batched"],"properties":{"rows":{"$ref":"#/definitions/RowVerdict"},"batched":{"type":"boolean"},"reason":{"type":"string"}}},"assumptions":{"type":"array","items":{"type":"string"}}}};
const schema28 = {"enum":["auto","gpu","cpu"]};
const schema29 = {"enum":["cuda","cpu"]};
const schema30 = {"enum":["independent","scaled","unproven","coupled","unbatchable"]};

function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.version === undefined) && (missing0 = "version")) || ((data.device === undefined) && (missing0 = "device"))){
validate24.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.version !== undefined){
let data0 = data.version;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 253){
validate24.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/maxLength",keyword:"maxLength",params:{limit: 253}}];
return false;
}
else {
if(data0.length < 1){
validate24.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}}];
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
validate24.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.requested !== undefined){
let data2 = data1.requested;
const _errs5 = errors;
if(!(((data2 === "auto") || (data2 === "gpu")) || (data2 === "cpu"))){
validate24.errors = [{instancePath:instancePath+"/device/requested",schemaPath:"#/definitions/Device/enum",keyword:"enum",params:{allowedValues: schema28.enum}}];
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
validate24.errors = [{instancePath:instancePath+"/device/active",schemaPath:"#/definitions/Accelerator/enum",keyword:"enum",params:{allowedValues: schema29.enum}}];
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
validate24.errors = [{instancePath:instancePath+"/device/reason",schemaPath:"#/properties/device/properties/reason/type",keyword:"type",params:{type: "string"}}];
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
validate24.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/type",keyword:"type",params:{type: "object"}}];
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
validate24.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data5.rows !== undefined){
let data6 = data5.rows;
const _errs13 = errors;
if(!(((((data6 === "independent") || (data6 === "scaled")) || (data6 === "unproven")) || (data6 === "coupled")) || (data6 === "unbatchable"))){
validate24.errors = [{instancePath:instancePath+"/batching/rows",schemaPath:"#/definitions/RowVerdict/enum",keyword:"enum",params:{allowedValues: schema30.enum}}];
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
validate24.errors = [{instancePath:instancePath+"/batching/batched",schemaPath:"#/properties/batching/properties/batched/type",keyword:"type",params:{type: "boolean"}}];
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
validate24.errors = [{instancePath:instancePath+"/batching/reason",schemaPath:"#/properties/batching/properties/reason/type",keyword:"type",params:{type: "string"}}];
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
validate24.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.assumptions !== undefined){
let data9 = data.assumptions;
const _errs19 = errors;
if(errors === _errs19){
if(Array.isArray(data9)){
var valid6 = true;
const len0 = data9.length;
for(let i0=0; i0<len0; i0++){
const _errs21 = errors;
if(typeof data9[i0] !== "string"){
validate24.errors = [{instancePath:instancePath+"/assumptions/" + i0,schemaPath:"#/properties/assumptions/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs21 === errors;
if(!valid6){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/assumptions",schemaPath:"#/properties/assumptions/type",keyword:"type",params:{type: "array"}}];
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
else {
validate24.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate24.errors = vErrors;
return errors === 0;
}

export const isServerSettings = validate25;
const schema31 = {"type":"object","required":["name","model","task"],"properties":{"name":{"type":"string","minLength":1},"model":{"type":"string","minLength":1},"version":{"type":"string","minLength":1},"task":{"$ref":"#/definitions/Task"},"strict":{"type":"boolean"},"labels":{"type":"array","items":{"type":"string"}},"responses":{"type":"object","additionalProperties":{"type":"string"}},"device":{"$ref":"#/definitions/Device"},"batching":{"type":"object","required":["maxRows","maxDelayMs","maxQueue"],"properties":{"rows":{"$ref":"#/definitions/RowMode"},"maxRows":{"type":"integer"},"maxDelayMs":{"type":"number"},"maxQueue":{"type":"integer"},"maxTokens":{"type":"integer"}}},"threads":{"type":"integer"},"timeoutSeconds":{"type":"number"},"requestLog":{"type":"object","required":["mode"],"properties":{"mode":{"$ref":"#/definitions/RequestLogMode"},"sampleRate":{"type":"number"},"keys":{"type":"string"}}},"sensitiveFields":{"type":"array","items":{"type":"string"}},"apiKeys":{"type":"string"},"tls":{"type":"object","required":["cert","key"],"properties":{"cert":{"type":"string"},"key":{"type":"string"}}}}};
const schema34 = {"enum":["auto","independent","alone"]};
const schema35 = {"enum":["off","metadata","hashed","encrypted","full"]};

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.name === undefined) && (missing0 = "name")) || ((data.model === undefined) && (missing0 = "model"))) || ((data.task === undefined) && (missing0 = "task"))){
validate25.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length < 1){
validate25.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
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
if(data.model !== undefined){
let data1 = data.model;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(data1.length < 1){
validate25.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate25.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
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
validate25.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate25.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}}];
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
validate25.errors = [{instancePath:instancePath+"/task",schemaPath:"#/definitions/Task/enum",keyword:"enum",params:{allowedValues: schema17.enum}}];
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
validate25.errors = [{instancePath:instancePath+"/strict",schemaPath:"#/properties/strict/type",keyword:"type",params:{type: "boolean"}}];
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
validate25.errors = [{instancePath:instancePath+"/labels/" + i0,schemaPath:"#/properties/labels/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs13 === errors;
if(!valid2){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "array"}}];
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
validate25.errors = [{instancePath:instancePath+"/responses/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/responses/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs18 === errors;
if(!valid3){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/responses",schemaPath:"#/properties/responses/type",keyword:"type",params:{type: "object"}}];
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
validate25.errors = [{instancePath:instancePath+"/device",schemaPath:"#/definitions/Device/enum",keyword:"enum",params:{allowedValues: schema28.enum}}];
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
validate25.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data10.rows !== undefined){
let data11 = data10.rows;
const _errs24 = errors;
if(!(((data11 === "auto") || (data11 === "independent")) || (data11 === "alone"))){
validate25.errors = [{instancePath:instancePath+"/batching/rows",schemaPath:"#/definitions/RowMode/enum",keyword:"enum",params:{allowedValues: schema34.enum}}];
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
validate25.errors = [{instancePath:instancePath+"/batching/maxRows",schemaPath:"#/properties/batching/properties/maxRows/type",keyword:"type",params:{type: "integer"}}];
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
validate25.errors = [{instancePath:instancePath+"/batching/maxDelayMs",schemaPath:"#/properties/batching/properties/maxDelayMs/type",keyword:"type",params:{type: "number"}}];
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
validate25.errors = [{instancePath:instancePath+"/batching/maxQueue",schemaPath:"#/properties/batching/properties/maxQueue/type",keyword:"type",params:{type: "integer"}}];
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
validate25.errors = [{instancePath:instancePath+"/batching/maxTokens",schemaPath:"#/properties/batching/properties/maxTokens/type",keyword:"type",params:{type: "integer"}}];
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
validate25.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/type",keyword:"type",params:{type: "object"}}];
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
validate25.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/type",keyword:"type",params:{type: "integer"}}];
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
validate25.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestLog !== undefined){
let data18 = data.requestLog;
const _errs38 = errors;
if(errors === _errs38){
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
let missing2;
if((data18.mode === undefined) && (missing2 = "mode")){
validate25.errors = [{instancePath:instancePath+"/requestLog",schemaPath:"#/properties/requestLog/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data18.mode !== undefined){
let data19 = data18.mode;
const _errs40 = errors;
if(!(((((data19 === "off") || (data19 === "metadata")) || (data19 === "hashed")) || (data19 === "encrypted")) || (data19 === "full"))){
validate25.errors = [{instancePath:instancePath+"/requestLog/mode",schemaPath:"#/definitions/RequestLogMode/enum",keyword:"enum",params:{allowedValues: schema35.enum}}];
return false;
}
var valid7 = _errs40 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data18.sampleRate !== undefined){
let data20 = data18.sampleRate;
const _errs42 = errors;
if(!((typeof data20 == "number") && (isFinite(data20)))){
validate25.errors = [{instancePath:instancePath+"/requestLog/sampleRate",schemaPath:"#/properties/requestLog/properties/sampleRate/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid7 = _errs42 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data18.keys !== undefined){
const _errs44 = errors;
if(typeof data18.keys !== "string"){
validate25.errors = [{instancePath:instancePath+"/requestLog/keys",schemaPath:"#/properties/requestLog/properties/keys/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid7 = _errs44 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/requestLog",schemaPath:"#/properties/requestLog/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs38 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sensitiveFields !== undefined){
let data22 = data.sensitiveFields;
const _errs46 = errors;
if(errors === _errs46){
if(Array.isArray(data22)){
var valid9 = true;
const len1 = data22.length;
for(let i1=0; i1<len1; i1++){
const _errs48 = errors;
if(typeof data22[i1] !== "string"){
validate25.errors = [{instancePath:instancePath+"/sensitiveFields/" + i1,schemaPath:"#/properties/sensitiveFields/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid9 = _errs48 === errors;
if(!valid9){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/sensitiveFields",schemaPath:"#/properties/sensitiveFields/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs46 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.apiKeys !== undefined){
const _errs50 = errors;
if(typeof data.apiKeys !== "string"){
validate25.errors = [{instancePath:instancePath+"/apiKeys",schemaPath:"#/properties/apiKeys/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs50 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tls !== undefined){
let data25 = data.tls;
const _errs52 = errors;
if(errors === _errs52){
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
let missing3;
if(((data25.cert === undefined) && (missing3 = "cert")) || ((data25.key === undefined) && (missing3 = "key"))){
validate25.errors = [{instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data25.cert !== undefined){
const _errs54 = errors;
if(typeof data25.cert !== "string"){
validate25.errors = [{instancePath:instancePath+"/tls/cert",schemaPath:"#/properties/tls/properties/cert/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid10 = _errs54 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data25.key !== undefined){
const _errs56 = errors;
if(typeof data25.key !== "string"){
validate25.errors = [{instancePath:instancePath+"/tls/key",schemaPath:"#/properties/tls/properties/key/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid10 = _errs56 === errors;
}
else {
var valid10 = true;
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs52 === errors;
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
validate25.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate25.errors = vErrors;
return errors === 0;
}

export const isLogLine = validate26;
const schema36 = {"type":"object","required":["timestamp","level","message"],"properties":{"timestamp":{"$ref":"#/definitions/Time"},"level":{"$ref":"#/definitions/LogLevel"},"message":{"type":"string"}}};
const schema38 = {"enum":["error","warn","info","debug"]};

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.timestamp === undefined) && (missing0 = "timestamp")) || ((data.level === undefined) && (missing0 = "level"))) || ((data.message === undefined) && (missing0 = "message"))){
validate26.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
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
validate26.errors = [{instancePath:instancePath+"/timestamp",schemaPath:"#/definitions/Time/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$"}}];
return false;
}
}
else {
validate26.errors = [{instancePath:instancePath+"/timestamp",schemaPath:"#/definitions/Time/type",keyword:"type",params:{type: "string"}}];
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
validate26.errors = [{instancePath:instancePath+"/level",schemaPath:"#/definitions/LogLevel/enum",keyword:"enum",params:{allowedValues: schema38.enum}}];
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
validate26.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
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
validate26.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate26.errors = vErrors;
return errors === 0;
}
