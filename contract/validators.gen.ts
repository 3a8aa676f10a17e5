// @ts-nocheck
/** Generated from contract/documents.schema.json by scripts/generate.ts; change the schema, not this file. */
export const isImportReport = validate22;
const schema7 = {"anyOf":[{"$ref":"#/definitions/ImportedReport"},{"$ref":"#/definitions/FailedReport"}]};
const schema8 = {"type":"object","required":["outcome","version","pruned"],"properties":{"outcome":{"const":"imported"},"version":{"$ref":"#/definitions/ReportedVersion"},"pruned":{"type":"array","items":{"$ref":"#/definitions/VersionId"}},"rewrapped":{"type":"array","items":{"$ref":"#/definitions/VersionId"}}}};
const schema9 = {"allOf":[{"$ref":"#/definitions/Version"},{"type":"object","properties":{"revision":{"type":"string","pattern":"^[0-9a-f]{16}$"},"label":{"type":"string","pattern":"^[-A-Za-z0-9_.]{1,63}$"}}}]};
const schema10 = {"type":"object","required":["id","revision","source","digest","task","sizeBytes","createdAt"],"properties":{"id":{"$ref":"#/definitions/VersionId"},"label":{"type":"string"},"revision":{"type":"string"},"source":{"type":"string"},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"task":{"$ref":"#/definitions/Task"},"file":{"type":"string"},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"createdAt":{"$ref":"#/definitions/Time"},"parent":{"$ref":"#/definitions/VersionId"},"input":{"$ref":"#/definitions/ExportInput"},"optimization":{"$ref":"#/definitions/VersionOptimization"},"encryptionKey":{"type":"string","pattern":"^[A-Za-z0-9._-]{1,253}$"},"recordDigest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"sourceRevision":{"type":"string","minLength":1,"maxLength":512},"signature":{"$ref":"#/definitions/VerifiedSignature"},"requestedBy":{"$ref":"#/definitions/Requester"},"tools":{"$ref":"#/definitions/Tools"}}};
const schema11 = {"type":"string","maxLength":63,"pattern":"^v_\\d{8}_\\d{6}(_\\d+)?$"};
const pattern0 = new RegExp("^v_\\d{8}_\\d{6}(_\\d+)?$", "u");

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(typeof data === "string"){
if(data.length > 63){
validate26.errors = [{instancePath,schemaPath:"#/maxLength",keyword:"maxLength",params:{limit: 63}}];
return false;
}
else {
if(!pattern0.test(data)){
validate26.errors = [{instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^v_\\d{8}_\\d{6}(_\\d+)?$"}}];
return false;
}
}
}
else {
validate26.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
validate26.errors = vErrors;
return errors === 0;
}

const schema12 = {"enum":["tensor","text-classification","token-classification","question-answering","feature-extraction","zero-shot-classification","fill-mask","text-generation","code-generation","translation","image-classification","zero-shot-image-classification","image-to-text"]};

function validate28(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((((((((((((data === "tensor") || (data === "text-classification")) || (data === "token-classification")) || (data === "question-answering")) || (data === "feature-extraction")) || (data === "zero-shot-classification")) || (data === "fill-mask")) || (data === "text-generation")) || (data === "code-generation")) || (data === "translation")) || (data === "image-classification")) || (data === "zero-shot-image-classification")) || (data === "image-to-text"))){
validate28.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema12.enum}}];
return false;
}
validate28.errors = vErrors;
return errors === 0;
}

const schema13 = {"type":"integer","minimum":0,"maximum":9007199254740991};

function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((typeof data == "number") && (!(data % 1) && !isNaN(data))) && (isFinite(data)))){
validate30.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === 0){
if((typeof data == "number") && (isFinite(data))){
if(data > 9007199254740991 || isNaN(data)){
validate30.errors = [{instancePath,schemaPath:"#/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data < 0 || isNaN(data)){
validate30.errors = [{instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
validate30.errors = vErrors;
return errors === 0;
}

const schema14 = {"type":"string","pattern":"^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$"};
const pattern2 = new RegExp("^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$", "u");

function validate32(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(typeof data === "string"){
if(!pattern2.test(data)){
validate32.errors = [{instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$"}}];
return false;
}
}
else {
validate32.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
validate32.errors = vErrors;
return errors === 0;
}

const schema15 = {"type":"object","required":["format"],"properties":{"format":{"enum":["scikit-learn","xgboost","lightgbm","catboost","pytorch","hugging-face"]},"file":{"type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"}}};
const pattern3 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", "u");

function validate35(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.format === undefined) && (missing0 = "format")){
validate35.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.format !== undefined){
let data0 = data.format;
const _errs1 = errors;
if(!((((((data0 === "scikit-learn") || (data0 === "xgboost")) || (data0 === "lightgbm")) || (data0 === "catboost")) || (data0 === "pytorch")) || (data0 === "hugging-face"))){
validate35.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/enum",keyword:"enum",params:{allowedValues: schema15.properties.format.enum}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file !== undefined){
let data1 = data.file;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data1 === "string"){
if(!pattern3.test(data1)){
validate35.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"}}];
return false;
}
}
else {
validate35.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
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

const schema16 = {"type":"object","required":["recipe","sizeBytes"],"properties":{"recipe":{"$ref":"#/definitions/OptimizationRecipe"},"aim":{"type":"number","minimum":0,"maximum":1},"sizeBytes":{"type":"object","required":["before","after"],"properties":{"before":{"$ref":"#/definitions/SizeBytes"},"after":{"$ref":"#/definitions/SizeBytes"}}},"agreement":{"$ref":"#/definitions/ModelAgreement"},"agreementUnknown":{"type":"string","minLength":1},"speedup":{"type":"number","exclusiveMinimum":0},"steps":{"type":"array","items":{"type":"string"}}}};
const schema17 = {"type":"object","additionalProperties":false,"properties":{"export":{"type":"object","required":["missingValues"],"additionalProperties":false,"properties":{"missingValues":{"type":"boolean"}}},"distill":{"type":"object","required":["layers","width","epochs","seconds","seed"],"additionalProperties":false,"properties":{"layers":{"type":"number","exclusiveMinimum":0,"maximum":1},"width":{"type":"number","exclusiveMinimum":0,"maximum":1},"epochs":{"type":"integer","minimum":1},"seconds":{"type":"integer","minimum":1},"seed":{"type":"integer","minimum":0}}},"graph":{"enum":["none","basic","all"]},"prune":{"type":"object","required":["method","ratio"],"additionalProperties":false,"properties":{"method":{"enum":["l1-unstructured","structured"]},"ratio":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"heads":{"type":"boolean"}}},"quantize":{"enum":["none","int8-dynamic","int8-static","int4","fp16"]}}};

function validate38(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
const _errs1 = errors;
for(const key0 in data){
if(!(((((key0 === "export") || (key0 === "distill")) || (key0 === "graph")) || (key0 === "prune")) || (key0 === "quantize"))){
validate38.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.export !== undefined){
let data0 = data.export;
const _errs2 = errors;
if(errors === _errs2){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing0;
if((data0.missingValues === undefined) && (missing0 = "missingValues")){
validate38.errors = [{instancePath:instancePath+"/export",schemaPath:"#/properties/export/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs4 = errors;
for(const key1 in data0){
if(!(key1 === "missingValues")){
validate38.errors = [{instancePath:instancePath+"/export",schemaPath:"#/properties/export/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs4 === errors){
if(data0.missingValues !== undefined){
if(typeof data0.missingValues !== "boolean"){
validate38.errors = [{instancePath:instancePath+"/export/missingValues",schemaPath:"#/properties/export/properties/missingValues/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/export",schemaPath:"#/properties/export/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.distill !== undefined){
let data2 = data.distill;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((((data2.layers === undefined) && (missing1 = "layers")) || ((data2.width === undefined) && (missing1 = "width"))) || ((data2.epochs === undefined) && (missing1 = "epochs"))) || ((data2.seconds === undefined) && (missing1 = "seconds"))) || ((data2.seed === undefined) && (missing1 = "seed"))){
validate38.errors = [{instancePath:instancePath+"/distill",schemaPath:"#/properties/distill/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs9 = errors;
for(const key2 in data2){
if(!(((((key2 === "layers") || (key2 === "width")) || (key2 === "epochs")) || (key2 === "seconds")) || (key2 === "seed"))){
validate38.errors = [{instancePath:instancePath+"/distill",schemaPath:"#/properties/distill/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.layers !== undefined){
let data3 = data2.layers;
const _errs10 = errors;
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 1 || isNaN(data3)){
validate38.errors = [{instancePath:instancePath+"/distill/layers",schemaPath:"#/properties/distill/properties/layers/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data3 <= 0 || isNaN(data3)){
validate38.errors = [{instancePath:instancePath+"/distill/layers",schemaPath:"#/properties/distill/properties/layers/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/distill/layers",schemaPath:"#/properties/distill/properties/layers/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.width !== undefined){
let data4 = data2.width;
const _errs12 = errors;
if(errors === _errs12){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 1 || isNaN(data4)){
validate38.errors = [{instancePath:instancePath+"/distill/width",schemaPath:"#/properties/distill/properties/width/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data4 <= 0 || isNaN(data4)){
validate38.errors = [{instancePath:instancePath+"/distill/width",schemaPath:"#/properties/distill/properties/width/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/distill/width",schemaPath:"#/properties/distill/properties/width/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.epochs !== undefined){
let data5 = data2.epochs;
const _errs14 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate38.errors = [{instancePath:instancePath+"/distill/epochs",schemaPath:"#/properties/distill/properties/epochs/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs14){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 1 || isNaN(data5)){
validate38.errors = [{instancePath:instancePath+"/distill/epochs",schemaPath:"#/properties/distill/properties/epochs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.seconds !== undefined){
let data6 = data2.seconds;
const _errs16 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate38.errors = [{instancePath:instancePath+"/distill/seconds",schemaPath:"#/properties/distill/properties/seconds/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs16){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 1 || isNaN(data6)){
validate38.errors = [{instancePath:instancePath+"/distill/seconds",schemaPath:"#/properties/distill/properties/seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.seed !== undefined){
let data7 = data2.seed;
const _errs18 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate38.errors = [{instancePath:instancePath+"/distill/seed",schemaPath:"#/properties/distill/properties/seed/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs18){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
validate38.errors = [{instancePath:instancePath+"/distill/seed",schemaPath:"#/properties/distill/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs18 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/distill",schemaPath:"#/properties/distill/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.graph !== undefined){
let data8 = data.graph;
const _errs20 = errors;
if(!(((data8 === "none") || (data8 === "basic")) || (data8 === "all"))){
validate38.errors = [{instancePath:instancePath+"/graph",schemaPath:"#/properties/graph/enum",keyword:"enum",params:{allowedValues: schema17.properties.graph.enum}}];
return false;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.prune !== undefined){
let data9 = data.prune;
const _errs21 = errors;
if(errors === _errs21){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
let missing2;
if(((data9.method === undefined) && (missing2 = "method")) || ((data9.ratio === undefined) && (missing2 = "ratio"))){
validate38.errors = [{instancePath:instancePath+"/prune",schemaPath:"#/properties/prune/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs23 = errors;
for(const key3 in data9){
if(!(((key3 === "method") || (key3 === "ratio")) || (key3 === "heads"))){
validate38.errors = [{instancePath:instancePath+"/prune",schemaPath:"#/properties/prune/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}}];
return false;
break;
}
}
if(_errs23 === errors){
if(data9.method !== undefined){
let data10 = data9.method;
const _errs24 = errors;
if(!((data10 === "l1-unstructured") || (data10 === "structured"))){
validate38.errors = [{instancePath:instancePath+"/prune/method",schemaPath:"#/properties/prune/properties/method/enum",keyword:"enum",params:{allowedValues: schema17.properties.prune.properties.method.enum}}];
return false;
}
var valid3 = _errs24 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data9.ratio !== undefined){
let data11 = data9.ratio;
const _errs25 = errors;
if(errors === _errs25){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 >= 1 || isNaN(data11)){
validate38.errors = [{instancePath:instancePath+"/prune/ratio",schemaPath:"#/properties/prune/properties/ratio/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1}}];
return false;
}
else {
if(data11 <= 0 || isNaN(data11)){
validate38.errors = [{instancePath:instancePath+"/prune/ratio",schemaPath:"#/properties/prune/properties/ratio/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
}
else {
validate38.errors = [{instancePath:instancePath+"/prune/ratio",schemaPath:"#/properties/prune/properties/ratio/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid3 = _errs25 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data9.heads !== undefined){
const _errs27 = errors;
if(typeof data9.heads !== "boolean"){
validate38.errors = [{instancePath:instancePath+"/prune/heads",schemaPath:"#/properties/prune/properties/heads/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid3 = _errs27 === errors;
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
validate38.errors = [{instancePath:instancePath+"/prune",schemaPath:"#/properties/prune/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.quantize !== undefined){
let data13 = data.quantize;
const _errs29 = errors;
if(!(((((data13 === "none") || (data13 === "int8-dynamic")) || (data13 === "int8-static")) || (data13 === "int4")) || (data13 === "fp16"))){
validate38.errors = [{instancePath:instancePath+"/quantize",schemaPath:"#/properties/quantize/enum",keyword:"enum",params:{allowedValues: schema17.properties.quantize.enum}}];
return false;
}
var valid0 = _errs29 === errors;
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
validate38.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate38.errors = vErrors;
return errors === 0;
}

const schema18 = {"type":"object","required":["inputs","samples","largestDifference","meanDifference","sameAnswers"],"properties":{"inputs":{"enum":["dataset","generated"]},"samples":{"type":"integer","minimum":1},"largestDifference":{"type":"number"},"meanDifference":{"type":"number"},"sameAnswers":{"type":"number","minimum":0,"maximum":1},"library":{"type":"string"}}};

function validate42(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.inputs === undefined) && (missing0 = "inputs")) || ((data.samples === undefined) && (missing0 = "samples"))) || ((data.largestDifference === undefined) && (missing0 = "largestDifference"))) || ((data.meanDifference === undefined) && (missing0 = "meanDifference"))) || ((data.sameAnswers === undefined) && (missing0 = "sameAnswers"))){
validate42.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.inputs !== undefined){
let data0 = data.inputs;
const _errs1 = errors;
if(!((data0 === "dataset") || (data0 === "generated"))){
validate42.errors = [{instancePath:instancePath+"/inputs",schemaPath:"#/properties/inputs/enum",keyword:"enum",params:{allowedValues: schema18.properties.inputs.enum}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data1 = data.samples;
const _errs2 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate42.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs2){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 1 || isNaN(data1)){
validate42.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.largestDifference !== undefined){
let data2 = data.largestDifference;
const _errs4 = errors;
if(!((typeof data2 == "number") && (isFinite(data2)))){
validate42.errors = [{instancePath:instancePath+"/largestDifference",schemaPath:"#/properties/largestDifference/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.meanDifference !== undefined){
let data3 = data.meanDifference;
const _errs6 = errors;
if(!((typeof data3 == "number") && (isFinite(data3)))){
validate42.errors = [{instancePath:instancePath+"/meanDifference",schemaPath:"#/properties/meanDifference/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sameAnswers !== undefined){
let data4 = data.sameAnswers;
const _errs8 = errors;
if(errors === _errs8){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 1 || isNaN(data4)){
validate42.errors = [{instancePath:instancePath+"/sameAnswers",schemaPath:"#/properties/sameAnswers/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data4 < 0 || isNaN(data4)){
validate42.errors = [{instancePath:instancePath+"/sameAnswers",schemaPath:"#/properties/sameAnswers/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
else {
validate42.errors = [{instancePath:instancePath+"/sameAnswers",schemaPath:"#/properties/sameAnswers/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.library !== undefined){
const _errs10 = errors;
if(typeof data.library !== "string"){
validate42.errors = [{instancePath:instancePath+"/library",schemaPath:"#/properties/library/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs10 === errors;
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
else {
validate42.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate42.errors = vErrors;
return errors === 0;
}


function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.recipe === undefined) && (missing0 = "recipe")) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))){
validate37.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.recipe !== undefined){
const _errs1 = errors;
if(!(validate38(data.recipe, {instancePath:instancePath+"/recipe",parentData:data,parentDataProperty:"recipe",rootData}))){
vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.aim !== undefined){
let data1 = data.aim;
const _errs2 = errors;
if(errors === _errs2){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 1 || isNaN(data1)){
validate37.errors = [{instancePath:instancePath+"/aim",schemaPath:"#/properties/aim/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data1 < 0 || isNaN(data1)){
validate37.errors = [{instancePath:instancePath+"/aim",schemaPath:"#/properties/aim/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
else {
validate37.errors = [{instancePath:instancePath+"/aim",schemaPath:"#/properties/aim/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
let data2 = data.sizeBytes;
const _errs4 = errors;
if(errors === _errs4){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if(((data2.before === undefined) && (missing1 = "before")) || ((data2.after === undefined) && (missing1 = "after"))){
validate37.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data2.before !== undefined){
const _errs6 = errors;
if(!(validate30(data2.before, {instancePath:instancePath+"/sizeBytes/before",parentData:data2,parentDataProperty:"before",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.after !== undefined){
const _errs7 = errors;
if(!(validate30(data2.after, {instancePath:instancePath+"/sizeBytes/after",parentData:data2,parentDataProperty:"after",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
}
}
}
else {
validate37.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.agreement !== undefined){
const _errs8 = errors;
if(!(validate42(data.agreement, {instancePath:instancePath+"/agreement",parentData:data,parentDataProperty:"agreement",rootData}))){
vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.agreementUnknown !== undefined){
let data6 = data.agreementUnknown;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data6 === "string"){
if(data6.length < 1){
validate37.errors = [{instancePath:instancePath+"/agreementUnknown",schemaPath:"#/properties/agreementUnknown/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/agreementUnknown",schemaPath:"#/properties/agreementUnknown/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.speedup !== undefined){
let data7 = data.speedup;
const _errs11 = errors;
if(errors === _errs11){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 <= 0 || isNaN(data7)){
validate37.errors = [{instancePath:instancePath+"/speedup",schemaPath:"#/properties/speedup/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
else {
validate37.errors = [{instancePath:instancePath+"/speedup",schemaPath:"#/properties/speedup/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.steps !== undefined){
let data8 = data.steps;
const _errs13 = errors;
if(errors === _errs13){
if(Array.isArray(data8)){
var valid2 = true;
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
const _errs15 = errors;
if(typeof data8[i0] !== "string"){
validate37.errors = [{instancePath:instancePath+"/steps/" + i0,schemaPath:"#/properties/steps/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs15 === errors;
if(!valid2){
break;
}
}
}
else {
validate37.errors = [{instancePath:instancePath+"/steps",schemaPath:"#/properties/steps/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs13 === errors;
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
validate37.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate37.errors = vErrors;
return errors === 0;
}

const schema19 = {"type":"object","required":["key","files","digest"],"properties":{"key":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"files":{"type":"integer","minimum":1,"maximum":10000},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"}}};
const pattern1 = new RegExp("^sha256:[0-9a-f]{64}$", "u");

function validate45(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.key === undefined) && (missing0 = "key")) || ((data.files === undefined) && (missing0 = "files"))) || ((data.digest === undefined) && (missing0 = "digest"))){
validate45.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.key !== undefined){
let data0 = data.key;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(!pattern1.test(data0)){
validate45.errors = [{instancePath:instancePath+"/key",schemaPath:"#/properties/key/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate45.errors = [{instancePath:instancePath+"/key",schemaPath:"#/properties/key/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.files !== undefined){
let data1 = data.files;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate45.errors = [{instancePath:instancePath+"/files",schemaPath:"#/properties/files/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 10000 || isNaN(data1)){
validate45.errors = [{instancePath:instancePath+"/files",schemaPath:"#/properties/files/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000}}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate45.errors = [{instancePath:instancePath+"/files",schemaPath:"#/properties/files/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
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
if(data.digest !== undefined){
let data2 = data.digest;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
validate45.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate45.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"}}];
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
validate45.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate45.errors = vErrors;
return errors === 0;
}

const schema20 = {"type":"object","required":["uid","generation","namespace","name"],"properties":{"uid":{"type":"string","pattern":"^[-0-9A-Za-z]{1,64}$"},"generation":{"type":"integer","minimum":1,"maximum":9007199254740991},"namespace":{"type":"string","pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"},"name":{"type":"string","pattern":"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$"}}};
const pattern8 = new RegExp("^[-0-9A-Za-z]{1,64}$", "u");
const pattern9 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "u");
const pattern10 = new RegExp("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$", "u");

function validate47(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.uid === undefined) && (missing0 = "uid")) || ((data.generation === undefined) && (missing0 = "generation"))) || ((data.namespace === undefined) && (missing0 = "namespace"))) || ((data.name === undefined) && (missing0 = "name"))){
validate47.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.uid !== undefined){
let data0 = data.uid;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(!pattern8.test(data0)){
validate47.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/pattern",keyword:"pattern",params:{pattern: "^[-0-9A-Za-z]{1,64}$"}}];
return false;
}
}
else {
validate47.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.generation !== undefined){
let data1 = data.generation;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate47.errors = [{instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 9007199254740991 || isNaN(data1)){
validate47.errors = [{instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate47.errors = [{instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
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
if(data.namespace !== undefined){
let data2 = data.namespace;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(!pattern9.test(data2)){
validate47.errors = [{instancePath:instancePath+"/namespace",schemaPath:"#/properties/namespace/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"}}];
return false;
}
}
else {
validate47.errors = [{instancePath:instancePath+"/namespace",schemaPath:"#/properties/namespace/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.name !== undefined){
let data3 = data.name;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(!pattern10.test(data3)){
validate47.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$"}}];
return false;
}
}
else {
validate47.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs7 === errors;
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
validate47.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate47.errors = vErrors;
return errors === 0;
}

const schema21 = {"type":"object","required":["gantry","onnxruntime"],"properties":{"gantry":{"$ref":"#/definitions/ProgramVersion"},"onnxruntime":{"$ref":"#/definitions/ProgramVersion"},"optimizer":{"$ref":"#/definitions/ProgramVersion"}}};
const schema22 = {"type":"string","pattern":"^[0-9A-Za-z][-+.0-9A-Za-z]{0,63}$"};
const pattern11 = new RegExp("^[0-9A-Za-z][-+.0-9A-Za-z]{0,63}$", "u");

function validate50(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(typeof data === "string"){
if(!pattern11.test(data)){
validate50.errors = [{instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Za-z][-+.0-9A-Za-z]{0,63}$"}}];
return false;
}
}
else {
validate50.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
validate50.errors = vErrors;
return errors === 0;
}


function validate49(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.gantry === undefined) && (missing0 = "gantry")) || ((data.onnxruntime === undefined) && (missing0 = "onnxruntime"))){
validate49.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.gantry !== undefined){
const _errs1 = errors;
if(!(validate50(data.gantry, {instancePath:instancePath+"/gantry",parentData:data,parentDataProperty:"gantry",rootData}))){
vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.onnxruntime !== undefined){
const _errs2 = errors;
if(!(validate50(data.onnxruntime, {instancePath:instancePath+"/onnxruntime",parentData:data,parentDataProperty:"onnxruntime",rootData}))){
vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.optimizer !== undefined){
const _errs3 = errors;
if(!(validate50(data.optimizer, {instancePath:instancePath+"/optimizer",parentData:data,parentDataProperty:"optimizer",rootData}))){
vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
errors = vErrors.length;
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
validate49.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate49.errors = vErrors;
return errors === 0;
}

const pattern4 = new RegExp("^[A-Za-z0-9._-]{1,253}$", "u");

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.id === undefined) && (missing0 = "id")) || ((data.revision === undefined) && (missing0 = "revision"))) || ((data.source === undefined) && (missing0 = "source"))) || ((data.digest === undefined) && (missing0 = "digest"))) || ((data.task === undefined) && (missing0 = "task"))) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.createdAt === undefined) && (missing0 = "createdAt"))){
validate25.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.id !== undefined){
const _errs1 = errors;
if(!(validate26(data.id, {instancePath:instancePath+"/id",parentData:data,parentDataProperty:"id",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.label !== undefined){
const _errs2 = errors;
if(typeof data.label !== "string"){
validate25.errors = [{instancePath:instancePath+"/label",schemaPath:"#/properties/label/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.revision !== undefined){
const _errs4 = errors;
if(typeof data.revision !== "string"){
validate25.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/properties/revision/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.source !== undefined){
const _errs6 = errors;
if(typeof data.source !== "string"){
validate25.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data4 = data.digest;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data4 === "string"){
if(!pattern1.test(data4)){
validate25.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate25.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.task !== undefined){
const _errs10 = errors;
if(!(validate28(data.task, {instancePath:instancePath+"/task",parentData:data,parentDataProperty:"task",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file !== undefined){
const _errs11 = errors;
if(typeof data.file !== "string"){
validate25.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
const _errs13 = errors;
if(!(validate30(data.sizeBytes, {instancePath:instancePath+"/sizeBytes",parentData:data,parentDataProperty:"sizeBytes",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.createdAt !== undefined){
const _errs14 = errors;
if(!(validate32(data.createdAt, {instancePath:instancePath+"/createdAt",parentData:data,parentDataProperty:"createdAt",rootData}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.parent !== undefined){
const _errs15 = errors;
if(!(validate26(data.parent, {instancePath:instancePath+"/parent",parentData:data,parentDataProperty:"parent",rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.input !== undefined){
const _errs16 = errors;
if(!(validate35(data.input, {instancePath:instancePath+"/input",parentData:data,parentDataProperty:"input",rootData}))){
vErrors = vErrors === null ? validate35.errors : vErrors.concat(validate35.errors);
errors = vErrors.length;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.optimization !== undefined){
const _errs17 = errors;
if(!(validate37(data.optimization, {instancePath:instancePath+"/optimization",parentData:data,parentDataProperty:"optimization",rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.encryptionKey !== undefined){
let data12 = data.encryptionKey;
const _errs18 = errors;
if(errors === _errs18){
if(typeof data12 === "string"){
if(!pattern4.test(data12)){
validate25.errors = [{instancePath:instancePath+"/encryptionKey",schemaPath:"#/properties/encryptionKey/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9._-]{1,253}$"}}];
return false;
}
}
else {
validate25.errors = [{instancePath:instancePath+"/encryptionKey",schemaPath:"#/properties/encryptionKey/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.recordDigest !== undefined){
let data13 = data.recordDigest;
const _errs20 = errors;
if(errors === _errs20){
if(typeof data13 === "string"){
if(!pattern1.test(data13)){
validate25.errors = [{instancePath:instancePath+"/recordDigest",schemaPath:"#/properties/recordDigest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate25.errors = [{instancePath:instancePath+"/recordDigest",schemaPath:"#/properties/recordDigest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sourceRevision !== undefined){
let data14 = data.sourceRevision;
const _errs22 = errors;
if(errors === _errs22){
if(typeof data14 === "string"){
if(data14.length > 512){
validate25.errors = [{instancePath:instancePath+"/sourceRevision",schemaPath:"#/properties/sourceRevision/maxLength",keyword:"maxLength",params:{limit: 512}}];
return false;
}
else {
if(data14.length < 1){
validate25.errors = [{instancePath:instancePath+"/sourceRevision",schemaPath:"#/properties/sourceRevision/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/sourceRevision",schemaPath:"#/properties/sourceRevision/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.signature !== undefined){
const _errs24 = errors;
if(!(validate45(data.signature, {instancePath:instancePath+"/signature",parentData:data,parentDataProperty:"signature",rootData}))){
vErrors = vErrors === null ? validate45.errors : vErrors.concat(validate45.errors);
errors = vErrors.length;
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestedBy !== undefined){
const _errs25 = errors;
if(!(validate47(data.requestedBy, {instancePath:instancePath+"/requestedBy",parentData:data,parentDataProperty:"requestedBy",rootData}))){
vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors);
errors = vErrors.length;
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tools !== undefined){
const _errs26 = errors;
if(!(validate49(data.tools, {instancePath:instancePath+"/tools",parentData:data,parentDataProperty:"tools",rootData}))){
vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
errors = vErrors.length;
}
var valid0 = _errs26 === errors;
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

const pattern12 = new RegExp("^[0-9a-f]{16}$", "u");
const pattern13 = new RegExp("^[-A-Za-z0-9_.]{1,63}$", "u");

function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
if(!(validate25(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
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
if(!pattern12.test(data0)){
validate24.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/allOf/1/properties/revision/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{16}$"}}];
return false;
}
}
else {
validate24.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/allOf/1/properties/revision/type",keyword:"type",params:{type: "string"}}];
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
if(!pattern13.test(data1)){
validate24.errors = [{instancePath:instancePath+"/label",schemaPath:"#/allOf/1/properties/label/pattern",keyword:"pattern",params:{pattern: "^[-A-Za-z0-9_.]{1,63}$"}}];
return false;
}
}
else {
validate24.errors = [{instancePath:instancePath+"/label",schemaPath:"#/allOf/1/properties/label/type",keyword:"type",params:{type: "string"}}];
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
validate24.errors = [{instancePath,schemaPath:"#/allOf/1/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
validate24.errors = vErrors;
return errors === 0;
}


function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.version === undefined) && (missing0 = "version"))) || ((data.pruned === undefined) && (missing0 = "pruned"))){
validate23.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("imported" !== data.outcome){
validate23.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "imported"}}];
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
if(!(validate24(data.version, {instancePath:instancePath+"/version",parentData:data,parentDataProperty:"version",rootData}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
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
const _errs5 = errors;
if(!(validate26(data2[i0], {instancePath:instancePath+"/pruned/" + i0,parentData:data2,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
var valid1 = _errs5 === errors;
if(!valid1){
break;
}
}
}
else {
validate23.errors = [{instancePath:instancePath+"/pruned",schemaPath:"#/properties/pruned/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rewrapped !== undefined){
let data4 = data.rewrapped;
const _errs6 = errors;
if(errors === _errs6){
if(Array.isArray(data4)){
var valid2 = true;
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
const _errs8 = errors;
if(!(validate26(data4[i1], {instancePath:instancePath+"/rewrapped/" + i1,parentData:data4,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
var valid2 = _errs8 === errors;
if(!valid2){
break;
}
}
}
else {
validate23.errors = [{instancePath:instancePath+"/rewrapped",schemaPath:"#/properties/rewrapped/type",keyword:"type",params:{type: "array"}}];
return false;
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
}
else {
validate23.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate23.errors = vErrors;
return errors === 0;
}

const schema23 = {"type":"object","required":["outcome","reason","message","retry"],"properties":{"outcome":{"const":"failed"},"reason":{"$ref":"#/definitions/ImportFailure"},"message":{"type":"string"},"retry":{"enum":["never","backoff"]}}};
const schema24 = {"enum":["SourceUnreachable","SourceNotFound","SourceForbidden","SourceNotAllowed","SourceUnsupported","DigestMismatch","SignatureInvalid","NotOnnx","UnsafePath","ModelIncomplete","ModelUnsupported","VolumeFull","EncryptionKeyUnusable","ImportFailed"]};

function validate61(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!((((((((((((((data === "SourceUnreachable") || (data === "SourceNotFound")) || (data === "SourceForbidden")) || (data === "SourceNotAllowed")) || (data === "SourceUnsupported")) || (data === "DigestMismatch")) || (data === "SignatureInvalid")) || (data === "NotOnnx")) || (data === "UnsafePath")) || (data === "ModelIncomplete")) || (data === "ModelUnsupported")) || (data === "VolumeFull")) || (data === "EncryptionKeyUnusable")) || (data === "ImportFailed"))){
validate61.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema24.enum}}];
return false;
}
validate61.errors = vErrors;
return errors === 0;
}


function validate60(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))) || ((data.retry === undefined) && (missing0 = "retry"))){
validate60.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("failed" !== data.outcome){
validate60.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "failed"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs2 = errors;
if(!(validate61(data.reason, {instancePath:instancePath+"/reason",parentData:data,parentDataProperty:"reason",rootData}))){
vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs3 = errors;
if(typeof data.message !== "string"){
validate60.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retry !== undefined){
let data3 = data.retry;
const _errs5 = errors;
if(!((data3 === "never") || (data3 === "backoff"))){
validate60.errors = [{instancePath:instancePath+"/retry",schemaPath:"#/properties/retry/enum",keyword:"enum",params:{allowedValues: schema23.properties.retry.enum}}];
return false;
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
}
else {
validate60.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate60.errors = vErrors;
return errors === 0;
}


function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate23(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate60(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors);
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
validate22.errors = vErrors;
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
validate22.errors = vErrors;
return errors === 0;
}

export const isIndexedVersion = validate64;
const schema25 = {"allOf":[{"$ref":"#/definitions/Version"},{"type":"object","properties":{"changed":{"type":"array","items":{"type":"string"}}}}]};

function validate64(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
if(!(validate25(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
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
validate64.errors = [{instancePath:instancePath+"/changed/" + i0,schemaPath:"#/allOf/1/properties/changed/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs5 === errors;
if(!valid2){
break;
}
}
}
else {
validate64.errors = [{instancePath:instancePath+"/changed",schemaPath:"#/allOf/1/properties/changed/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
}
}
else {
validate64.errors = [{instancePath,schemaPath:"#/allOf/1/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
validate64.errors = vErrors;
return errors === 0;
}

export const isVersionMetadata = validate66;
const schema26 = {"allOf":[{"$ref":"#/definitions/IndexedVersion"},{"type":"object","required":["files"],"properties":{"files":{"type":"array","items":{"type":"object","required":["path","sizeBytes","sha256"],"properties":{"path":{"type":"string","minLength":1},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"seal":{"type":"string","pattern":"^[A-Za-z0-9+/]{43}=$"}}}},"rows":{"type":"object","additionalProperties":{"$ref":"#/definitions/KeptProof"}},"evaluation":{"$ref":"#/definitions/VersionEvaluation"},"wrappedKey":{"type":"string","pattern":"^[A-Za-z0-9+/]{80}$"},"linksRefused":{"type":"string"}}}]};
const schema27 = {"type":"object","required":["proofVersion","verdict"],"properties":{"proofVersion":{"type":"integer"},"verdict":{"enum":["independent","scaled","unproven","unbatchable"]},"reason":{"type":"string"},"node":{"type":"string"},"operator":{"type":"string"}}};

function validate69(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.proofVersion === undefined) && (missing0 = "proofVersion")) || ((data.verdict === undefined) && (missing0 = "verdict"))){
validate69.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.proofVersion !== undefined){
let data0 = data.proofVersion;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate69.errors = [{instancePath:instancePath+"/proofVersion",schemaPath:"#/properties/proofVersion/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.verdict !== undefined){
let data1 = data.verdict;
const _errs3 = errors;
if(!((((data1 === "independent") || (data1 === "scaled")) || (data1 === "unproven")) || (data1 === "unbatchable"))){
validate69.errors = [{instancePath:instancePath+"/verdict",schemaPath:"#/properties/verdict/enum",keyword:"enum",params:{allowedValues: schema27.properties.verdict.enum}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs4 = errors;
if(typeof data.reason !== "string"){
validate69.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.node !== undefined){
const _errs6 = errors;
if(typeof data.node !== "string"){
validate69.errors = [{instancePath:instancePath+"/node",schemaPath:"#/properties/node/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operator !== undefined){
const _errs8 = errors;
if(typeof data.operator !== "string"){
validate69.errors = [{instancePath:instancePath+"/operator",schemaPath:"#/properties/operator/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs8 === errors;
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
validate69.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate69.errors = vErrors;
return errors === 0;
}

const schema28 = {"type":"object","required":["measurement","dataset","evaluatedAt"],"properties":{"measurement":{"$ref":"#/definitions/Measurement"},"dataset":{"$ref":"#/definitions/EvaluatedDataset"},"evaluatedAt":{"$ref":"#/definitions/Time"},"comparisons":{"type":"array","items":{"$ref":"#/definitions/Comparison"}}}};
const schema29 = {"type":"object","required":["name","task","digest","sizeBytes","metrics","intervals","performance","hardware"],"properties":{"name":{"type":"string","minLength":1,"maxLength":120},"task":{"$ref":"#/definitions/Task"},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"metrics":{"type":"object","additionalProperties":{"type":"number"}},"intervals":{"type":"object","additionalProperties":{"$ref":"#/definitions/Interval"}},"performance":{"$ref":"#/definitions/PerformanceMeasurement"},"hardware":{"$ref":"#/definitions/MeasuringHardware"}}};
const schema30 = {"type":"array","items":{"type":"number"},"minItems":2,"maxItems":2};

function validate75(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(Array.isArray(data)){
if(data.length > 2){
validate75.errors = [{instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 2}}];
return false;
}
else {
if(data.length < 2){
validate75.errors = [{instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 2}}];
return false;
}
else {
var valid0 = true;
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
const _errs1 = errors;
if(!((typeof data0 == "number") && (isFinite(data0)))){
validate75.errors = [{instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs1 === errors;
if(!valid0){
break;
}
}
}
}
}
else {
validate75.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
validate75.errors = vErrors;
return errors === 0;
}

const schema31 = {"type":"object","required":["meanMs","p50Ms","p95Ms","p99Ms","throughputPerSecond","byConcurrency","loadMs","peakMemoryBytes"],"properties":{"meanMs":{"type":"number"},"p50Ms":{"type":"number"},"p95Ms":{"type":"number"},"p99Ms":{"type":"number"},"throughputPerSecond":{"type":"number"},"byConcurrency":{"type":"array","items":{"$ref":"#/definitions/ConcurrencyMeasurement"}},"loadMs":{"type":"number"},"peakMemoryBytes":{"$ref":"#/definitions/SizeBytes"},"joulesPerInference":{"type":"number"}}};
const schema32 = {"type":"object","required":["concurrency","requests","meanMs","p50Ms","p95Ms","p99Ms","throughputPerSecond","spread"],"properties":{"concurrency":{"type":"integer"},"requests":{"type":"integer"},"meanMs":{"type":"number"},"p50Ms":{"type":"number"},"p95Ms":{"type":"number"},"p99Ms":{"type":"number"},"throughputPerSecond":{"type":"number"},"spread":{"type":"number"}}};

function validate78(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.concurrency === undefined) && (missing0 = "concurrency")) || ((data.requests === undefined) && (missing0 = "requests"))) || ((data.meanMs === undefined) && (missing0 = "meanMs"))) || ((data.p50Ms === undefined) && (missing0 = "p50Ms"))) || ((data.p95Ms === undefined) && (missing0 = "p95Ms"))) || ((data.p99Ms === undefined) && (missing0 = "p99Ms"))) || ((data.throughputPerSecond === undefined) && (missing0 = "throughputPerSecond"))) || ((data.spread === undefined) && (missing0 = "spread"))){
validate78.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.concurrency !== undefined){
let data0 = data.concurrency;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate78.errors = [{instancePath:instancePath+"/concurrency",schemaPath:"#/properties/concurrency/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requests !== undefined){
let data1 = data.requests;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate78.errors = [{instancePath:instancePath+"/requests",schemaPath:"#/properties/requests/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.meanMs !== undefined){
let data2 = data.meanMs;
const _errs5 = errors;
if(!((typeof data2 == "number") && (isFinite(data2)))){
validate78.errors = [{instancePath:instancePath+"/meanMs",schemaPath:"#/properties/meanMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.p50Ms !== undefined){
let data3 = data.p50Ms;
const _errs7 = errors;
if(!((typeof data3 == "number") && (isFinite(data3)))){
validate78.errors = [{instancePath:instancePath+"/p50Ms",schemaPath:"#/properties/p50Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.p95Ms !== undefined){
let data4 = data.p95Ms;
const _errs9 = errors;
if(!((typeof data4 == "number") && (isFinite(data4)))){
validate78.errors = [{instancePath:instancePath+"/p95Ms",schemaPath:"#/properties/p95Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.p99Ms !== undefined){
let data5 = data.p99Ms;
const _errs11 = errors;
if(!((typeof data5 == "number") && (isFinite(data5)))){
validate78.errors = [{instancePath:instancePath+"/p99Ms",schemaPath:"#/properties/p99Ms/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.throughputPerSecond !== undefined){
let data6 = data.throughputPerSecond;
const _errs13 = errors;
if(!((typeof data6 == "number") && (isFinite(data6)))){
validate78.errors = [{instancePath:instancePath+"/throughputPerSecond",schemaPath:"#/properties/throughputPerSecond/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.spread !== undefined){
let data7 = data.spread;
const _errs15 = errors;
if(!((typeof data7 == "number") && (isFinite(data7)))){
validate78.errors = [{instancePath:instancePath+"/spread",schemaPath:"#/properties/spread/type",keyword:"type",params:{type: "number"}}];
return false;
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
validate78.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate78.errors = vErrors;
return errors === 0;
}


function validate77(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.meanMs === undefined) && (missing0 = "meanMs")) || ((data.p50Ms === undefined) && (missing0 = "p50Ms"))) || ((data.p95Ms === undefined) && (missing0 = "p95Ms"))) || ((data.p99Ms === undefined) && (missing0 = "p99Ms"))) || ((data.throughputPerSecond === undefined) && (missing0 = "throughputPerSecond"))) || ((data.byConcurrency === undefined) && (missing0 = "byConcurrency"))) || ((data.loadMs === undefined) && (missing0 = "loadMs"))) || ((data.peakMemoryBytes === undefined) && (missing0 = "peakMemoryBytes"))){
validate77.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.meanMs !== undefined){
let data0 = data.meanMs;
const _errs1 = errors;
if(!((typeof data0 == "number") && (isFinite(data0)))){
validate77.errors = [{instancePath:instancePath+"/meanMs",schemaPath:"#/properties/meanMs/type",keyword:"type",params:{type: "number"}}];
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
validate77.errors = [{instancePath:instancePath+"/p50Ms",schemaPath:"#/properties/p50Ms/type",keyword:"type",params:{type: "number"}}];
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
validate77.errors = [{instancePath:instancePath+"/p95Ms",schemaPath:"#/properties/p95Ms/type",keyword:"type",params:{type: "number"}}];
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
validate77.errors = [{instancePath:instancePath+"/p99Ms",schemaPath:"#/properties/p99Ms/type",keyword:"type",params:{type: "number"}}];
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
validate77.errors = [{instancePath:instancePath+"/throughputPerSecond",schemaPath:"#/properties/throughputPerSecond/type",keyword:"type",params:{type: "number"}}];
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
const _errs13 = errors;
if(!(validate78(data5[i0], {instancePath:instancePath+"/byConcurrency/" + i0,parentData:data5,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate78.errors : vErrors.concat(validate78.errors);
errors = vErrors.length;
}
var valid1 = _errs13 === errors;
if(!valid1){
break;
}
}
}
else {
validate77.errors = [{instancePath:instancePath+"/byConcurrency",schemaPath:"#/properties/byConcurrency/type",keyword:"type",params:{type: "array"}}];
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
let data7 = data.loadMs;
const _errs14 = errors;
if(!((typeof data7 == "number") && (isFinite(data7)))){
validate77.errors = [{instancePath:instancePath+"/loadMs",schemaPath:"#/properties/loadMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.peakMemoryBytes !== undefined){
const _errs16 = errors;
if(!(validate30(data.peakMemoryBytes, {instancePath:instancePath+"/peakMemoryBytes",parentData:data,parentDataProperty:"peakMemoryBytes",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.joulesPerInference !== undefined){
let data9 = data.joulesPerInference;
const _errs17 = errors;
if(!((typeof data9 == "number") && (isFinite(data9)))){
validate77.errors = [{instancePath:instancePath+"/joulesPerInference",schemaPath:"#/properties/joulesPerInference/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs17 === errors;
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
validate77.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate77.errors = vErrors;
return errors === 0;
}

const schema33 = {"type":"object","required":["processor","cores","memoryBytes","accelerator","onnxruntime"],"properties":{"processor":{"type":"string"},"cores":{"type":"number"},"memoryBytes":{"$ref":"#/definitions/SizeBytes"},"accelerator":{"$ref":"#/definitions/Accelerator"},"gpu":{"type":"string"},"node":{"type":"string"},"onnxruntime":{"type":"string"},"server":{"type":"string"}}};
const schema34 = {"enum":["cuda","cpu"]};

function validate84(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!((data === "cuda") || (data === "cpu"))){
validate84.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema34.enum}}];
return false;
}
validate84.errors = vErrors;
return errors === 0;
}


function validate82(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.processor === undefined) && (missing0 = "processor")) || ((data.cores === undefined) && (missing0 = "cores"))) || ((data.memoryBytes === undefined) && (missing0 = "memoryBytes"))) || ((data.accelerator === undefined) && (missing0 = "accelerator"))) || ((data.onnxruntime === undefined) && (missing0 = "onnxruntime"))){
validate82.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.processor !== undefined){
const _errs1 = errors;
if(typeof data.processor !== "string"){
validate82.errors = [{instancePath:instancePath+"/processor",schemaPath:"#/properties/processor/type",keyword:"type",params:{type: "string"}}];
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
validate82.errors = [{instancePath:instancePath+"/cores",schemaPath:"#/properties/cores/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.memoryBytes !== undefined){
const _errs5 = errors;
if(!(validate30(data.memoryBytes, {instancePath:instancePath+"/memoryBytes",parentData:data,parentDataProperty:"memoryBytes",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.accelerator !== undefined){
const _errs6 = errors;
if(!(validate84(data.accelerator, {instancePath:instancePath+"/accelerator",parentData:data,parentDataProperty:"accelerator",rootData}))){
vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors);
errors = vErrors.length;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gpu !== undefined){
const _errs7 = errors;
if(typeof data.gpu !== "string"){
validate82.errors = [{instancePath:instancePath+"/gpu",schemaPath:"#/properties/gpu/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.node !== undefined){
const _errs9 = errors;
if(typeof data.node !== "string"){
validate82.errors = [{instancePath:instancePath+"/node",schemaPath:"#/properties/node/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.onnxruntime !== undefined){
const _errs11 = errors;
if(typeof data.onnxruntime !== "string"){
validate82.errors = [{instancePath:instancePath+"/onnxruntime",schemaPath:"#/properties/onnxruntime/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.server !== undefined){
const _errs13 = errors;
if(typeof data.server !== "string"){
validate82.errors = [{instancePath:instancePath+"/server",schemaPath:"#/properties/server/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs13 === errors;
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
validate82.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate82.errors = vErrors;
return errors === 0;
}


function validate72(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.name === undefined) && (missing0 = "name")) || ((data.task === undefined) && (missing0 = "task"))) || ((data.digest === undefined) && (missing0 = "digest"))) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.metrics === undefined) && (missing0 = "metrics"))) || ((data.intervals === undefined) && (missing0 = "intervals"))) || ((data.performance === undefined) && (missing0 = "performance"))) || ((data.hardware === undefined) && (missing0 = "hardware"))){
validate72.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 120){
validate72.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 120}}];
return false;
}
else {
if(data0.length < 1){
validate72.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate72.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
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
const _errs3 = errors;
if(!(validate28(data.task, {instancePath:instancePath+"/task",parentData:data,parentDataProperty:"task",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data2 = data.digest;
const _errs4 = errors;
if(errors === _errs4){
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
validate72.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
const _errs6 = errors;
if(!(validate30(data.sizeBytes, {instancePath:instancePath+"/sizeBytes",parentData:data,parentDataProperty:"sizeBytes",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metrics !== undefined){
let data4 = data.metrics;
const _errs7 = errors;
if(errors === _errs7){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key0 in data4){
let data5 = data4[key0];
const _errs10 = errors;
if(!((typeof data5 == "number") && (isFinite(data5)))){
validate72.errors = [{instancePath:instancePath+"/metrics/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metrics/additionalProperties/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid1 = _errs10 === errors;
if(!valid1){
break;
}
}
}
else {
validate72.errors = [{instancePath:instancePath+"/metrics",schemaPath:"#/properties/metrics/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.intervals !== undefined){
let data6 = data.intervals;
const _errs12 = errors;
if(errors === _errs12){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
const _errs15 = errors;
if(!(validate75(data6[key1], {instancePath:instancePath+"/intervals/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data6,parentDataProperty:key1,rootData}))){
vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors);
errors = vErrors.length;
}
var valid2 = _errs15 === errors;
if(!valid2){
break;
}
}
}
else {
validate72.errors = [{instancePath:instancePath+"/intervals",schemaPath:"#/properties/intervals/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.performance !== undefined){
const _errs16 = errors;
if(!(validate77(data.performance, {instancePath:instancePath+"/performance",parentData:data,parentDataProperty:"performance",rootData}))){
vErrors = vErrors === null ? validate77.errors : vErrors.concat(validate77.errors);
errors = vErrors.length;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hardware !== undefined){
const _errs17 = errors;
if(!(validate82(data.hardware, {instancePath:instancePath+"/hardware",parentData:data,parentDataProperty:"hardware",rootData}))){
vErrors = vErrors === null ? validate82.errors : vErrors.concat(validate82.errors);
errors = vErrors.length;
}
var valid0 = _errs17 === errors;
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
validate72.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate72.errors = vErrors;
return errors === 0;
}

const schema35 = {"type":"object","required":["source","digest","samples","total"],"properties":{"source":{"type":"string"},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"samples":{"type":"integer","minimum":1},"total":{"type":"integer","minimum":1}}};

function validate88(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.source === undefined) && (missing0 = "source")) || ((data.digest === undefined) && (missing0 = "digest"))) || ((data.samples === undefined) && (missing0 = "samples"))) || ((data.total === undefined) && (missing0 = "total"))){
validate88.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.source !== undefined){
const _errs1 = errors;
if(typeof data.source !== "string"){
validate88.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data1 = data.digest;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
validate88.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate88.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data2 = data.samples;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate88.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate88.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.total !== undefined){
let data3 = data.total;
const _errs7 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate88.errors = [{instancePath:instancePath+"/total",schemaPath:"#/properties/total/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs7){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 1 || isNaN(data3)){
validate88.errors = [{instancePath:instancePath+"/total",schemaPath:"#/properties/total/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs7 === errors;
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
validate88.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate88.errors = vErrors;
return errors === 0;
}

const schema36 = {"type":"object","required":["name","with","metric","difference","interval","pValue","samples"],"properties":{"name":{"type":"string"},"with":{"type":"string"},"metric":{"$ref":"#/definitions/Metric"},"difference":{"type":"number"},"interval":{"$ref":"#/definitions/Interval"},"pValue":{"type":"number","minimum":0,"maximum":1},"samples":{"type":"integer"}}};
const schema37 = {"enum":["accuracy","topK","f1Macro","f1Weighted","entityF1","exactMatch","tokenF1","bleu","chrf","perplexity","meanAbsoluteError","meanSquaredError","r2","recallAtK","meanReciprocalRank"]};

function validate92(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((((((((((((((data === "accuracy") || (data === "topK")) || (data === "f1Macro")) || (data === "f1Weighted")) || (data === "entityF1")) || (data === "exactMatch")) || (data === "tokenF1")) || (data === "bleu")) || (data === "chrf")) || (data === "perplexity")) || (data === "meanAbsoluteError")) || (data === "meanSquaredError")) || (data === "r2")) || (data === "recallAtK")) || (data === "meanReciprocalRank"))){
validate92.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema37.enum}}];
return false;
}
validate92.errors = vErrors;
return errors === 0;
}


function validate91(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.name === undefined) && (missing0 = "name")) || ((data.with === undefined) && (missing0 = "with"))) || ((data.metric === undefined) && (missing0 = "metric"))) || ((data.difference === undefined) && (missing0 = "difference"))) || ((data.interval === undefined) && (missing0 = "interval"))) || ((data.pValue === undefined) && (missing0 = "pValue"))) || ((data.samples === undefined) && (missing0 = "samples"))){
validate91.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
const _errs1 = errors;
if(typeof data.name !== "string"){
validate91.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
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
validate91.errors = [{instancePath:instancePath+"/with",schemaPath:"#/properties/with/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metric !== undefined){
const _errs5 = errors;
if(!(validate92(data.metric, {instancePath:instancePath+"/metric",parentData:data,parentDataProperty:"metric",rootData}))){
vErrors = vErrors === null ? validate92.errors : vErrors.concat(validate92.errors);
errors = vErrors.length;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.difference !== undefined){
let data3 = data.difference;
const _errs6 = errors;
if(!((typeof data3 == "number") && (isFinite(data3)))){
validate91.errors = [{instancePath:instancePath+"/difference",schemaPath:"#/properties/difference/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.interval !== undefined){
const _errs8 = errors;
if(!(validate75(data.interval, {instancePath:instancePath+"/interval",parentData:data,parentDataProperty:"interval",rootData}))){
vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.pValue !== undefined){
let data5 = data.pValue;
const _errs9 = errors;
if(errors === _errs9){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 1 || isNaN(data5)){
validate91.errors = [{instancePath:instancePath+"/pValue",schemaPath:"#/properties/pValue/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data5 < 0 || isNaN(data5)){
validate91.errors = [{instancePath:instancePath+"/pValue",schemaPath:"#/properties/pValue/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
else {
validate91.errors = [{instancePath:instancePath+"/pValue",schemaPath:"#/properties/pValue/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data6 = data.samples;
const _errs11 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate91.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
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
}
}
}
else {
validate91.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate91.errors = vErrors;
return errors === 0;
}


function validate71(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.measurement === undefined) && (missing0 = "measurement")) || ((data.dataset === undefined) && (missing0 = "dataset"))) || ((data.evaluatedAt === undefined) && (missing0 = "evaluatedAt"))){
validate71.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.measurement !== undefined){
const _errs1 = errors;
if(!(validate72(data.measurement, {instancePath:instancePath+"/measurement",parentData:data,parentDataProperty:"measurement",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataset !== undefined){
const _errs2 = errors;
if(!(validate88(data.dataset, {instancePath:instancePath+"/dataset",parentData:data,parentDataProperty:"dataset",rootData}))){
vErrors = vErrors === null ? validate88.errors : vErrors.concat(validate88.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.evaluatedAt !== undefined){
const _errs3 = errors;
if(!(validate32(data.evaluatedAt, {instancePath:instancePath+"/evaluatedAt",parentData:data,parentDataProperty:"evaluatedAt",rootData}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comparisons !== undefined){
let data3 = data.comparisons;
const _errs4 = errors;
if(errors === _errs4){
if(Array.isArray(data3)){
var valid1 = true;
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
const _errs6 = errors;
if(!(validate91(data3[i0], {instancePath:instancePath+"/comparisons/" + i0,parentData:data3,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate91.errors : vErrors.concat(validate91.errors);
errors = vErrors.length;
}
var valid1 = _errs6 === errors;
if(!valid1){
break;
}
}
}
else {
validate71.errors = [{instancePath:instancePath+"/comparisons",schemaPath:"#/properties/comparisons/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs4 === errors;
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
validate71.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate71.errors = vErrors;
return errors === 0;
}

const pattern14 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern15 = new RegExp("^[A-Za-z0-9+/]{43}=$", "u");
const pattern18 = new RegExp("^[A-Za-z0-9+/]{80}$", "u");

function validate66(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
var valid0 = _errs0 === errors;
if(valid0){
const _errs1 = errors;
if(errors === _errs1){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.files === undefined) && (missing0 = "files")){
validate66.errors = [{instancePath,schemaPath:"#/allOf/1/required",keyword:"required",params:{missingProperty: missing0}}];
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
validate66.errors = [{instancePath:instancePath+"/files/" + i0,schemaPath:"#/allOf/1/properties/files/items/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.path !== undefined){
let data2 = data1.path;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data2 === "string"){
if(data2.length < 1){
validate66.errors = [{instancePath:instancePath+"/files/" + i0+"/path",schemaPath:"#/allOf/1/properties/files/items/properties/path/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/files/" + i0+"/path",schemaPath:"#/allOf/1/properties/files/items/properties/path/type",keyword:"type",params:{type: "string"}}];
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
const _errs9 = errors;
if(!(validate30(data1.sizeBytes, {instancePath:instancePath+"/files/" + i0+"/sizeBytes",parentData:data1,parentDataProperty:"sizeBytes",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid3 = _errs9 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.sha256 !== undefined){
let data4 = data1.sha256;
const _errs10 = errors;
if(errors === _errs10){
if(typeof data4 === "string"){
if(!pattern14.test(data4)){
validate66.errors = [{instancePath:instancePath+"/files/" + i0+"/sha256",schemaPath:"#/allOf/1/properties/files/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/files/" + i0+"/sha256",schemaPath:"#/allOf/1/properties/files/items/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs10 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data1.seal !== undefined){
let data5 = data1.seal;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data5 === "string"){
if(!pattern15.test(data5)){
validate66.errors = [{instancePath:instancePath+"/files/" + i0+"/seal",schemaPath:"#/allOf/1/properties/files/items/properties/seal/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9+/]{43}=$"}}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/files/" + i0+"/seal",schemaPath:"#/allOf/1/properties/files/items/properties/seal/type",keyword:"type",params:{type: "string"}}];
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
}
else {
validate66.errors = [{instancePath:instancePath+"/files/" + i0,schemaPath:"#/allOf/1/properties/files/items/type",keyword:"type",params:{type: "object"}}];
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
validate66.errors = [{instancePath:instancePath+"/files",schemaPath:"#/allOf/1/properties/files/type",keyword:"type",params:{type: "array"}}];
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
let data6 = data.rows;
const _errs14 = errors;
if(errors === _errs14){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key0 in data6){
const _errs17 = errors;
if(!(validate69(data6[key0], {instancePath:instancePath+"/rows/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data6,parentDataProperty:key0,rootData}))){
vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
errors = vErrors.length;
}
var valid4 = _errs17 === errors;
if(!valid4){
break;
}
}
}
else {
validate66.errors = [{instancePath:instancePath+"/rows",schemaPath:"#/allOf/1/properties/rows/type",keyword:"type",params:{type: "object"}}];
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
const _errs18 = errors;
if(!(validate71(data.evaluation, {instancePath:instancePath+"/evaluation",parentData:data,parentDataProperty:"evaluation",rootData}))){
vErrors = vErrors === null ? validate71.errors : vErrors.concat(validate71.errors);
errors = vErrors.length;
}
var valid1 = _errs18 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.wrappedKey !== undefined){
let data9 = data.wrappedKey;
const _errs19 = errors;
if(errors === _errs19){
if(typeof data9 === "string"){
if(!pattern18.test(data9)){
validate66.errors = [{instancePath:instancePath+"/wrappedKey",schemaPath:"#/allOf/1/properties/wrappedKey/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9+/]{80}$"}}];
return false;
}
}
else {
validate66.errors = [{instancePath:instancePath+"/wrappedKey",schemaPath:"#/allOf/1/properties/wrappedKey/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid1 = _errs19 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.linksRefused !== undefined){
const _errs21 = errors;
if(typeof data.linksRefused !== "string"){
validate66.errors = [{instancePath:instancePath+"/linksRefused",schemaPath:"#/allOf/1/properties/linksRefused/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs21 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
}
else {
validate66.errors = [{instancePath,schemaPath:"#/allOf/1/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
validate66.errors = vErrors;
return errors === 0;
}

export const isServedModel = validate97;
const schema38 = {"type":"object","required":["version","device"],"properties":{"version":{"type":"string","minLength":1,"maxLength":253},"device":{"type":"object","required":["requested","active"],"properties":{"requested":{"$ref":"#/definitions/Device"},"active":{"$ref":"#/definitions/Accelerator"},"reason":{"type":"string"}}},"batching":{"type":"object","required":["rows","batched"],"properties":{"rows":{"$ref":"#/definitions/RowVerdict"},"batched":{"type":"boolean"},"reason":{"type":"string"}}},"damage":{"type":"string"},"drift":{"type":"object","required":["samples","enough","features"],"properties":{"samples":{"type":"integer","minimum":0},"enough":{"type":"boolean"},"features":{"type":"array","maxItems":64,"items":{"type":"object","required":["name","statistic","value","since"],"properties":{"name":{"type":"string","minLength":1,"maxLength":200},"statistic":{"enum":["psi","distance"]},"value":{"type":"number"},"since":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$"}}}},"unusable":{"type":"string"}}},"assumptions":{"type":"array","items":{"type":"string"}}}};
const schema39 = {"enum":["auto","gpu","cpu"]};

function validate98(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((data === "auto") || (data === "gpu")) || (data === "cpu"))){
validate98.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema39.enum}}];
return false;
}
validate98.errors = vErrors;
return errors === 0;
}

const schema40 = {"enum":["independent","scaled","unproven","coupled","unbatchable"]};

function validate101(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((((data === "independent") || (data === "scaled")) || (data === "unproven")) || (data === "coupled")) || (data === "unbatchable"))){
validate101.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema40.enum}}];
return false;
}
validate101.errors = vErrors;
return errors === 0;
}

const pattern19 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$", "u");

function validate97(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.version === undefined) && (missing0 = "version")) || ((data.device === undefined) && (missing0 = "device"))){
validate97.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.version !== undefined){
let data0 = data.version;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 253){
validate97.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/maxLength",keyword:"maxLength",params:{limit: 253}}];
return false;
}
else {
if(data0.length < 1){
validate97.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}}];
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
validate97.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.requested !== undefined){
const _errs5 = errors;
if(!(validate98(data1.requested, {instancePath:instancePath+"/device/requested",parentData:data1,parentDataProperty:"requested",rootData}))){
vErrors = vErrors === null ? validate98.errors : vErrors.concat(validate98.errors);
errors = vErrors.length;
}
var valid1 = _errs5 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.active !== undefined){
const _errs6 = errors;
if(!(validate84(data1.active, {instancePath:instancePath+"/device/active",parentData:data1,parentDataProperty:"active",rootData}))){
vErrors = vErrors === null ? validate84.errors : vErrors.concat(validate84.errors);
errors = vErrors.length;
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.reason !== undefined){
const _errs7 = errors;
if(typeof data1.reason !== "string"){
validate97.errors = [{instancePath:instancePath+"/device/reason",schemaPath:"#/properties/device/properties/reason/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/type",keyword:"type",params:{type: "object"}}];
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
const _errs9 = errors;
if(errors === _errs9){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing2;
if(((data5.rows === undefined) && (missing2 = "rows")) || ((data5.batched === undefined) && (missing2 = "batched"))){
validate97.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data5.rows !== undefined){
const _errs11 = errors;
if(!(validate101(data5.rows, {instancePath:instancePath+"/batching/rows",parentData:data5,parentDataProperty:"rows",rootData}))){
vErrors = vErrors === null ? validate101.errors : vErrors.concat(validate101.errors);
errors = vErrors.length;
}
var valid2 = _errs11 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.batched !== undefined){
const _errs12 = errors;
if(typeof data5.batched !== "boolean"){
validate97.errors = [{instancePath:instancePath+"/batching/batched",schemaPath:"#/properties/batching/properties/batched/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.reason !== undefined){
const _errs14 = errors;
if(typeof data5.reason !== "string"){
validate97.errors = [{instancePath:instancePath+"/batching/reason",schemaPath:"#/properties/batching/properties/reason/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.damage !== undefined){
const _errs16 = errors;
if(typeof data.damage !== "string"){
validate97.errors = [{instancePath:instancePath+"/damage",schemaPath:"#/properties/damage/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.drift !== undefined){
let data10 = data.drift;
const _errs18 = errors;
if(errors === _errs18){
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
let missing3;
if((((data10.samples === undefined) && (missing3 = "samples")) || ((data10.enough === undefined) && (missing3 = "enough"))) || ((data10.features === undefined) && (missing3 = "features"))){
validate97.errors = [{instancePath:instancePath+"/drift",schemaPath:"#/properties/drift/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data10.samples !== undefined){
let data11 = data10.samples;
const _errs20 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate97.errors = [{instancePath:instancePath+"/drift/samples",schemaPath:"#/properties/drift/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs20){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 0 || isNaN(data11)){
validate97.errors = [{instancePath:instancePath+"/drift/samples",schemaPath:"#/properties/drift/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid3 = _errs20 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data10.enough !== undefined){
const _errs22 = errors;
if(typeof data10.enough !== "boolean"){
validate97.errors = [{instancePath:instancePath+"/drift/enough",schemaPath:"#/properties/drift/properties/enough/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid3 = _errs22 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data10.features !== undefined){
let data13 = data10.features;
const _errs24 = errors;
if(errors === _errs24){
if(Array.isArray(data13)){
if(data13.length > 64){
validate97.errors = [{instancePath:instancePath+"/drift/features",schemaPath:"#/properties/drift/properties/features/maxItems",keyword:"maxItems",params:{limit: 64}}];
return false;
}
else {
var valid4 = true;
const len0 = data13.length;
for(let i0=0; i0<len0; i0++){
let data14 = data13[i0];
const _errs26 = errors;
if(errors === _errs26){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
let missing4;
if(((((data14.name === undefined) && (missing4 = "name")) || ((data14.statistic === undefined) && (missing4 = "statistic"))) || ((data14.value === undefined) && (missing4 = "value"))) || ((data14.since === undefined) && (missing4 = "since"))){
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0,schemaPath:"#/properties/drift/properties/features/items/required",keyword:"required",params:{missingProperty: missing4}}];
return false;
}
else {
if(data14.name !== undefined){
let data15 = data14.name;
const _errs28 = errors;
if(errors === _errs28){
if(typeof data15 === "string"){
if(data15.length > 200){
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/name",schemaPath:"#/properties/drift/properties/features/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 200}}];
return false;
}
else {
if(data15.length < 1){
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/name",schemaPath:"#/properties/drift/properties/features/items/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/name",schemaPath:"#/properties/drift/properties/features/items/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid5 = _errs28 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.statistic !== undefined){
let data16 = data14.statistic;
const _errs30 = errors;
if(!((data16 === "psi") || (data16 === "distance"))){
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/statistic",schemaPath:"#/properties/drift/properties/features/items/properties/statistic/enum",keyword:"enum",params:{allowedValues: schema38.properties.drift.properties.features.items.properties.statistic.enum}}];
return false;
}
var valid5 = _errs30 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.value !== undefined){
let data17 = data14.value;
const _errs31 = errors;
if(!((typeof data17 == "number") && (isFinite(data17)))){
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/value",schemaPath:"#/properties/drift/properties/features/items/properties/value/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid5 = _errs31 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.since !== undefined){
let data18 = data14.since;
const _errs33 = errors;
if(errors === _errs33){
if(typeof data18 === "string"){
if(!pattern19.test(data18)){
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/since",schemaPath:"#/properties/drift/properties/features/items/properties/since/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$"}}];
return false;
}
}
else {
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0+"/since",schemaPath:"#/properties/drift/properties/features/items/properties/since/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid5 = _errs33 === errors;
}
else {
var valid5 = true;
}
}
}
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/drift/features/" + i0,schemaPath:"#/properties/drift/properties/features/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid4 = _errs26 === errors;
if(!valid4){
break;
}
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/drift/features",schemaPath:"#/properties/drift/properties/features/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid3 = _errs24 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data10.unusable !== undefined){
const _errs35 = errors;
if(typeof data10.unusable !== "string"){
validate97.errors = [{instancePath:instancePath+"/drift/unusable",schemaPath:"#/properties/drift/properties/unusable/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs35 === errors;
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
validate97.errors = [{instancePath:instancePath+"/drift",schemaPath:"#/properties/drift/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.assumptions !== undefined){
let data20 = data.assumptions;
const _errs37 = errors;
if(errors === _errs37){
if(Array.isArray(data20)){
var valid6 = true;
const len1 = data20.length;
for(let i1=0; i1<len1; i1++){
const _errs39 = errors;
if(typeof data20[i1] !== "string"){
validate97.errors = [{instancePath:instancePath+"/assumptions/" + i1,schemaPath:"#/properties/assumptions/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs39 === errors;
if(!valid6){
break;
}
}
}
else {
validate97.errors = [{instancePath:instancePath+"/assumptions",schemaPath:"#/properties/assumptions/type",keyword:"type",params:{type: "array"}}];
return false;
}
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
else {
validate97.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate97.errors = vErrors;
return errors === 0;
}

export const isVolumeReport = validate103;
const schema41 = {"type":"object","required":["outcome","versions","files","sizeBytes","findings","leftOut"],"properties":{"outcome":{"enum":["sound","repaired","broken"]},"versions":{"type":"integer","minimum":0},"files":{"type":"integer","minimum":0},"sizeBytes":{"type":"integer","minimum":0},"findings":{"type":"array","items":{"$ref":"#/definitions/VolumeFinding"}},"leftOut":{"type":"integer","minimum":0}}};
const schema42 = {"type":"object","required":["problem","message","advice","state"],"properties":{"problem":{"enum":["FileDamaged","FileMissing","FileUnreadable","FileUnknown","DigestWrong","MetadataUnreadable","ParentMissing","IndexStale","BlobDamaged","BlobUnneeded","BlobMissing","BlobUnknown","LeftByImport","NotOpened","KeyUnusable"]},"version":{"type":"string"},"path":{"type":"string"},"message":{"type":"string"},"advice":{"type":"string"},"state":{"enum":["repairable","repaired","broken","harmless"]}}};

function validate104(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.problem === undefined) && (missing0 = "problem")) || ((data.message === undefined) && (missing0 = "message"))) || ((data.advice === undefined) && (missing0 = "advice"))) || ((data.state === undefined) && (missing0 = "state"))){
validate104.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.problem !== undefined){
let data0 = data.problem;
const _errs1 = errors;
if(!(((((((((((((((data0 === "FileDamaged") || (data0 === "FileMissing")) || (data0 === "FileUnreadable")) || (data0 === "FileUnknown")) || (data0 === "DigestWrong")) || (data0 === "MetadataUnreadable")) || (data0 === "ParentMissing")) || (data0 === "IndexStale")) || (data0 === "BlobDamaged")) || (data0 === "BlobUnneeded")) || (data0 === "BlobMissing")) || (data0 === "BlobUnknown")) || (data0 === "LeftByImport")) || (data0 === "NotOpened")) || (data0 === "KeyUnusable"))){
validate104.errors = [{instancePath:instancePath+"/problem",schemaPath:"#/properties/problem/enum",keyword:"enum",params:{allowedValues: schema42.properties.problem.enum}}];
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
if(typeof data.version !== "string"){
validate104.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.path !== undefined){
const _errs4 = errors;
if(typeof data.path !== "string"){
validate104.errors = [{instancePath:instancePath+"/path",schemaPath:"#/properties/path/type",keyword:"type",params:{type: "string"}}];
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
validate104.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.advice !== undefined){
const _errs8 = errors;
if(typeof data.advice !== "string"){
validate104.errors = [{instancePath:instancePath+"/advice",schemaPath:"#/properties/advice/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.state !== undefined){
let data5 = data.state;
const _errs10 = errors;
if(!((((data5 === "repairable") || (data5 === "repaired")) || (data5 === "broken")) || (data5 === "harmless"))){
validate104.errors = [{instancePath:instancePath+"/state",schemaPath:"#/properties/state/enum",keyword:"enum",params:{allowedValues: schema42.properties.state.enum}}];
return false;
}
var valid0 = _errs10 === errors;
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
else {
validate104.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate104.errors = vErrors;
return errors === 0;
}


function validate103(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.versions === undefined) && (missing0 = "versions"))) || ((data.files === undefined) && (missing0 = "files"))) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.findings === undefined) && (missing0 = "findings"))) || ((data.leftOut === undefined) && (missing0 = "leftOut"))){
validate103.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
let data0 = data.outcome;
const _errs1 = errors;
if(!(((data0 === "sound") || (data0 === "repaired")) || (data0 === "broken"))){
validate103.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/enum",keyword:"enum",params:{allowedValues: schema41.properties.outcome.enum}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.versions !== undefined){
let data1 = data.versions;
const _errs2 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate103.errors = [{instancePath:instancePath+"/versions",schemaPath:"#/properties/versions/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs2){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate103.errors = [{instancePath:instancePath+"/versions",schemaPath:"#/properties/versions/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.files !== undefined){
let data2 = data.files;
const _errs4 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate103.errors = [{instancePath:instancePath+"/files",schemaPath:"#/properties/files/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs4){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate103.errors = [{instancePath:instancePath+"/files",schemaPath:"#/properties/files/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
let data3 = data.sizeBytes;
const _errs6 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate103.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs6){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate103.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.findings !== undefined){
let data4 = data.findings;
const _errs8 = errors;
if(errors === _errs8){
if(Array.isArray(data4)){
var valid1 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
const _errs10 = errors;
if(!(validate104(data4[i0], {instancePath:instancePath+"/findings/" + i0,parentData:data4,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate104.errors : vErrors.concat(validate104.errors);
errors = vErrors.length;
}
var valid1 = _errs10 === errors;
if(!valid1){
break;
}
}
}
else {
validate103.errors = [{instancePath:instancePath+"/findings",schemaPath:"#/properties/findings/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.leftOut !== undefined){
let data6 = data.leftOut;
const _errs11 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate103.errors = [{instancePath:instancePath+"/leftOut",schemaPath:"#/properties/leftOut/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs11){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate103.errors = [{instancePath:instancePath+"/leftOut",schemaPath:"#/properties/leftOut/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
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
}
}
else {
validate103.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate103.errors = vErrors;
return errors === 0;
}

export const isRequester = validate106;

function validate106(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.uid === undefined) && (missing0 = "uid")) || ((data.generation === undefined) && (missing0 = "generation"))) || ((data.namespace === undefined) && (missing0 = "namespace"))) || ((data.name === undefined) && (missing0 = "name"))){
validate106.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.uid !== undefined){
let data0 = data.uid;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(!pattern8.test(data0)){
validate106.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/pattern",keyword:"pattern",params:{pattern: "^[-0-9A-Za-z]{1,64}$"}}];
return false;
}
}
else {
validate106.errors = [{instancePath:instancePath+"/uid",schemaPath:"#/properties/uid/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.generation !== undefined){
let data1 = data.generation;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate106.errors = [{instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 9007199254740991 || isNaN(data1)){
validate106.errors = [{instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate106.errors = [{instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
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
if(data.namespace !== undefined){
let data2 = data.namespace;
const _errs5 = errors;
if(errors === _errs5){
if(typeof data2 === "string"){
if(!pattern9.test(data2)){
validate106.errors = [{instancePath:instancePath+"/namespace",schemaPath:"#/properties/namespace/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"}}];
return false;
}
}
else {
validate106.errors = [{instancePath:instancePath+"/namespace",schemaPath:"#/properties/namespace/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.name !== undefined){
let data3 = data.name;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(!pattern10.test(data3)){
validate106.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$"}}];
return false;
}
}
else {
validate106.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs7 === errors;
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
validate106.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate106.errors = vErrors;
return errors === 0;
}

export const isDriftReference = validate107;
const schema44 = {"type":"object","required":["format","samples","salt","features"],"properties":{"salt":{"type":"string","minLength":16,"maxLength":64},"format":{"type":"integer","minimum":1,"maximum":1},"samples":{"type":"integer","minimum":1},"features":{"type":"array","maxItems":64,"items":{"$ref":"#/definitions/DriftFeature"}}}};
const schema45 = {"type":"object","required":["name","kind"],"properties":{"name":{"type":"string","minLength":1,"maxLength":200},"kind":{"enum":["number","category","vector"]},"edges":{"type":"array","maxItems":32,"items":{"type":"number"}},"counts":{"type":"array","maxItems":64,"items":{"type":"integer","minimum":0}},"missing":{"type":"integer","minimum":0},"least":{"type":"number"},"most":{"type":"number"},"values":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":64}},"samples":{"type":"integer","minimum":1},"mean":{"type":"array","maxItems":4096,"items":{"type":"number"}},"variance":{"type":"number","minimum":0}}};

function validate108(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.name === undefined) && (missing0 = "name")) || ((data.kind === undefined) && (missing0 = "kind"))){
validate108.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 200){
validate108.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 200}}];
return false;
}
else {
if(data0.length < 1){
validate108.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate108.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kind !== undefined){
let data1 = data.kind;
const _errs3 = errors;
if(!(((data1 === "number") || (data1 === "category")) || (data1 === "vector"))){
validate108.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema45.properties.kind.enum}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.edges !== undefined){
let data2 = data.edges;
const _errs4 = errors;
if(errors === _errs4){
if(Array.isArray(data2)){
if(data2.length > 32){
validate108.errors = [{instancePath:instancePath+"/edges",schemaPath:"#/properties/edges/maxItems",keyword:"maxItems",params:{limit: 32}}];
return false;
}
else {
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs6 = errors;
if(!((typeof data3 == "number") && (isFinite(data3)))){
validate108.errors = [{instancePath:instancePath+"/edges/" + i0,schemaPath:"#/properties/edges/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid1 = _errs6 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate108.errors = [{instancePath:instancePath+"/edges",schemaPath:"#/properties/edges/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.counts !== undefined){
let data4 = data.counts;
const _errs8 = errors;
if(errors === _errs8){
if(Array.isArray(data4)){
if(data4.length > 64){
validate108.errors = [{instancePath:instancePath+"/counts",schemaPath:"#/properties/counts/maxItems",keyword:"maxItems",params:{limit: 64}}];
return false;
}
else {
var valid2 = true;
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
let data5 = data4[i1];
const _errs10 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate108.errors = [{instancePath:instancePath+"/counts/" + i1,schemaPath:"#/properties/counts/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs10){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 0 || isNaN(data5)){
validate108.errors = [{instancePath:instancePath+"/counts/" + i1,schemaPath:"#/properties/counts/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs10 === errors;
if(!valid2){
break;
}
}
}
}
else {
validate108.errors = [{instancePath:instancePath+"/counts",schemaPath:"#/properties/counts/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.missing !== undefined){
let data6 = data.missing;
const _errs12 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate108.errors = [{instancePath:instancePath+"/missing",schemaPath:"#/properties/missing/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs12){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 0 || isNaN(data6)){
validate108.errors = [{instancePath:instancePath+"/missing",schemaPath:"#/properties/missing/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.least !== undefined){
let data7 = data.least;
const _errs14 = errors;
if(!((typeof data7 == "number") && (isFinite(data7)))){
validate108.errors = [{instancePath:instancePath+"/least",schemaPath:"#/properties/least/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.most !== undefined){
let data8 = data.most;
const _errs16 = errors;
if(!((typeof data8 == "number") && (isFinite(data8)))){
validate108.errors = [{instancePath:instancePath+"/most",schemaPath:"#/properties/most/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.values !== undefined){
let data9 = data.values;
const _errs18 = errors;
if(errors === _errs18){
if(Array.isArray(data9)){
if(data9.length > 64){
validate108.errors = [{instancePath:instancePath+"/values",schemaPath:"#/properties/values/maxItems",keyword:"maxItems",params:{limit: 64}}];
return false;
}
else {
var valid3 = true;
const len2 = data9.length;
for(let i2=0; i2<len2; i2++){
let data10 = data9[i2];
const _errs20 = errors;
if(errors === _errs20){
if(typeof data10 === "string"){
if(data10.length > 64){
validate108.errors = [{instancePath:instancePath+"/values/" + i2,schemaPath:"#/properties/values/items/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
}
else {
validate108.errors = [{instancePath:instancePath+"/values/" + i2,schemaPath:"#/properties/values/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid3 = _errs20 === errors;
if(!valid3){
break;
}
}
}
}
else {
validate108.errors = [{instancePath:instancePath+"/values",schemaPath:"#/properties/values/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data11 = data.samples;
const _errs22 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate108.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs22){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 1 || isNaN(data11)){
validate108.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.mean !== undefined){
let data12 = data.mean;
const _errs24 = errors;
if(errors === _errs24){
if(Array.isArray(data12)){
if(data12.length > 4096){
validate108.errors = [{instancePath:instancePath+"/mean",schemaPath:"#/properties/mean/maxItems",keyword:"maxItems",params:{limit: 4096}}];
return false;
}
else {
var valid4 = true;
const len3 = data12.length;
for(let i3=0; i3<len3; i3++){
let data13 = data12[i3];
const _errs26 = errors;
if(!((typeof data13 == "number") && (isFinite(data13)))){
validate108.errors = [{instancePath:instancePath+"/mean/" + i3,schemaPath:"#/properties/mean/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid4 = _errs26 === errors;
if(!valid4){
break;
}
}
}
}
else {
validate108.errors = [{instancePath:instancePath+"/mean",schemaPath:"#/properties/mean/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.variance !== undefined){
let data14 = data.variance;
const _errs28 = errors;
if(errors === _errs28){
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 < 0 || isNaN(data14)){
validate108.errors = [{instancePath:instancePath+"/variance",schemaPath:"#/properties/variance/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate108.errors = [{instancePath:instancePath+"/variance",schemaPath:"#/properties/variance/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs28 === errors;
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
else {
validate108.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate108.errors = vErrors;
return errors === 0;
}


function validate107(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.format === undefined) && (missing0 = "format")) || ((data.samples === undefined) && (missing0 = "samples"))) || ((data.salt === undefined) && (missing0 = "salt"))) || ((data.features === undefined) && (missing0 = "features"))){
validate107.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.salt !== undefined){
let data0 = data.salt;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 64){
validate107.errors = [{instancePath:instancePath+"/salt",schemaPath:"#/properties/salt/maxLength",keyword:"maxLength",params:{limit: 64}}];
return false;
}
else {
if(data0.length < 16){
validate107.errors = [{instancePath:instancePath+"/salt",schemaPath:"#/properties/salt/minLength",keyword:"minLength",params:{limit: 16}}];
return false;
}
}
}
else {
validate107.errors = [{instancePath:instancePath+"/salt",schemaPath:"#/properties/salt/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.format !== undefined){
let data1 = data.format;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate107.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 1 || isNaN(data1)){
validate107.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate107.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
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
if(data.samples !== undefined){
let data2 = data.samples;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate107.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate107.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.features !== undefined){
let data3 = data.features;
const _errs7 = errors;
if(errors === _errs7){
if(Array.isArray(data3)){
if(data3.length > 64){
validate107.errors = [{instancePath:instancePath+"/features",schemaPath:"#/properties/features/maxItems",keyword:"maxItems",params:{limit: 64}}];
return false;
}
else {
var valid1 = true;
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
const _errs9 = errors;
if(!(validate108(data3[i0], {instancePath:instancePath+"/features/" + i0,parentData:data3,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate108.errors : vErrors.concat(validate108.errors);
errors = vErrors.length;
}
var valid1 = _errs9 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate107.errors = [{instancePath:instancePath+"/features",schemaPath:"#/properties/features/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs7 === errors;
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
validate107.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate107.errors = vErrors;
return errors === 0;
}

export const isServerSettings = validate110;
const schema46 = {"type":"object","required":["name","model","task"],"properties":{"name":{"type":"string","minLength":1},"model":{"type":"string","minLength":1},"version":{"type":"string","minLength":1},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"recordDigest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"task":{"$ref":"#/definitions/Task"},"strict":{"type":"boolean"},"labels":{"type":"array","items":{"type":"string"}},"responses":{"type":"object","additionalProperties":{"type":"string"}},"device":{"$ref":"#/definitions/Device"},"batching":{"type":"object","required":["maxRows","maxDelayMs","maxQueue"],"properties":{"rows":{"$ref":"#/definitions/RowMode"},"maxRows":{"type":"integer"},"maxDelayMs":{"type":"number"},"maxQueue":{"type":"integer"},"maxTokens":{"type":"integer"}}},"threads":{"type":"integer"},"timeoutSeconds":{"type":"number"},"drift":{"$ref":"#/definitions/DriftMode"},"requestLog":{"type":"object","required":["mode"],"properties":{"mode":{"$ref":"#/definitions/RequestLogMode"},"sampleRate":{"type":"number"},"keys":{"type":"string"}}},"sensitiveFields":{"type":"array","items":{"type":"string"}},"encryptionKeys":{"type":"string"},"apiKeys":{"type":"string"},"tls":{"type":"object","required":["cert","key"],"properties":{"cert":{"type":"string"},"key":{"type":"string"}}}}};
const schema47 = {"enum":["auto","independent","alone"]};

function validate113(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((data === "auto") || (data === "independent")) || (data === "alone"))){
validate113.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema47.enum}}];
return false;
}
validate113.errors = vErrors;
return errors === 0;
}

const schema48 = {"enum":["auto","off","record"]};

function validate115(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((data === "auto") || (data === "off")) || (data === "record"))){
validate115.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema48.enum}}];
return false;
}
validate115.errors = vErrors;
return errors === 0;
}

const schema49 = {"enum":["off","metadata","hashed","encrypted","full"]};

function validate117(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((((data === "off") || (data === "metadata")) || (data === "hashed")) || (data === "encrypted")) || (data === "full"))){
validate117.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema49.enum}}];
return false;
}
validate117.errors = vErrors;
return errors === 0;
}


function validate110(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.name === undefined) && (missing0 = "name")) || ((data.model === undefined) && (missing0 = "model"))) || ((data.task === undefined) && (missing0 = "task"))){
validate110.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length < 1){
validate110.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
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
validate110.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
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
validate110.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data3 = data.digest;
const _errs7 = errors;
if(errors === _errs7){
if(typeof data3 === "string"){
if(!pattern1.test(data3)){
validate110.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.recordDigest !== undefined){
let data4 = data.recordDigest;
const _errs9 = errors;
if(errors === _errs9){
if(typeof data4 === "string"){
if(!pattern1.test(data4)){
validate110.errors = [{instancePath:instancePath+"/recordDigest",schemaPath:"#/properties/recordDigest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate110.errors = [{instancePath:instancePath+"/recordDigest",schemaPath:"#/properties/recordDigest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.task !== undefined){
const _errs11 = errors;
if(!(validate28(data.task, {instancePath:instancePath+"/task",parentData:data,parentDataProperty:"task",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.strict !== undefined){
const _errs12 = errors;
if(typeof data.strict !== "boolean"){
validate110.errors = [{instancePath:instancePath+"/strict",schemaPath:"#/properties/strict/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.labels !== undefined){
let data7 = data.labels;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data7)){
var valid1 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
const _errs16 = errors;
if(typeof data7[i0] !== "string"){
validate110.errors = [{instancePath:instancePath+"/labels/" + i0,schemaPath:"#/properties/labels/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs16 === errors;
if(!valid1){
break;
}
}
}
else {
validate110.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.responses !== undefined){
let data9 = data.responses;
const _errs18 = errors;
if(errors === _errs18){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key0 in data9){
const _errs21 = errors;
if(typeof data9[key0] !== "string"){
validate110.errors = [{instancePath:instancePath+"/responses/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/responses/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs21 === errors;
if(!valid2){
break;
}
}
}
else {
validate110.errors = [{instancePath:instancePath+"/responses",schemaPath:"#/properties/responses/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device !== undefined){
const _errs23 = errors;
if(!(validate98(data.device, {instancePath:instancePath+"/device",parentData:data,parentDataProperty:"device",rootData}))){
vErrors = vErrors === null ? validate98.errors : vErrors.concat(validate98.errors);
errors = vErrors.length;
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.batching !== undefined){
let data12 = data.batching;
const _errs24 = errors;
if(errors === _errs24){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
let missing1;
if((((data12.maxRows === undefined) && (missing1 = "maxRows")) || ((data12.maxDelayMs === undefined) && (missing1 = "maxDelayMs"))) || ((data12.maxQueue === undefined) && (missing1 = "maxQueue"))){
validate110.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data12.rows !== undefined){
const _errs26 = errors;
if(!(validate113(data12.rows, {instancePath:instancePath+"/batching/rows",parentData:data12,parentDataProperty:"rows",rootData}))){
vErrors = vErrors === null ? validate113.errors : vErrors.concat(validate113.errors);
errors = vErrors.length;
}
var valid3 = _errs26 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data12.maxRows !== undefined){
let data14 = data12.maxRows;
const _errs27 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
validate110.errors = [{instancePath:instancePath+"/batching/maxRows",schemaPath:"#/properties/batching/properties/maxRows/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs27 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data12.maxDelayMs !== undefined){
let data15 = data12.maxDelayMs;
const _errs29 = errors;
if(!((typeof data15 == "number") && (isFinite(data15)))){
validate110.errors = [{instancePath:instancePath+"/batching/maxDelayMs",schemaPath:"#/properties/batching/properties/maxDelayMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid3 = _errs29 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data12.maxQueue !== undefined){
let data16 = data12.maxQueue;
const _errs31 = errors;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
validate110.errors = [{instancePath:instancePath+"/batching/maxQueue",schemaPath:"#/properties/batching/properties/maxQueue/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs31 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data12.maxTokens !== undefined){
let data17 = data12.maxTokens;
const _errs33 = errors;
if(!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17)))){
validate110.errors = [{instancePath:instancePath+"/batching/maxTokens",schemaPath:"#/properties/batching/properties/maxTokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs33 === errors;
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
else {
validate110.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.threads !== undefined){
let data18 = data.threads;
const _errs35 = errors;
if(!(((typeof data18 == "number") && (!(data18 % 1) && !isNaN(data18))) && (isFinite(data18)))){
validate110.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs35 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeoutSeconds !== undefined){
let data19 = data.timeoutSeconds;
const _errs37 = errors;
if(!((typeof data19 == "number") && (isFinite(data19)))){
validate110.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.drift !== undefined){
const _errs39 = errors;
if(!(validate115(data.drift, {instancePath:instancePath+"/drift",parentData:data,parentDataProperty:"drift",rootData}))){
vErrors = vErrors === null ? validate115.errors : vErrors.concat(validate115.errors);
errors = vErrors.length;
}
var valid0 = _errs39 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestLog !== undefined){
let data21 = data.requestLog;
const _errs40 = errors;
if(errors === _errs40){
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
let missing2;
if((data21.mode === undefined) && (missing2 = "mode")){
validate110.errors = [{instancePath:instancePath+"/requestLog",schemaPath:"#/properties/requestLog/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data21.mode !== undefined){
const _errs42 = errors;
if(!(validate117(data21.mode, {instancePath:instancePath+"/requestLog/mode",parentData:data21,parentDataProperty:"mode",rootData}))){
vErrors = vErrors === null ? validate117.errors : vErrors.concat(validate117.errors);
errors = vErrors.length;
}
var valid4 = _errs42 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data21.sampleRate !== undefined){
let data23 = data21.sampleRate;
const _errs43 = errors;
if(!((typeof data23 == "number") && (isFinite(data23)))){
validate110.errors = [{instancePath:instancePath+"/requestLog/sampleRate",schemaPath:"#/properties/requestLog/properties/sampleRate/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid4 = _errs43 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data21.keys !== undefined){
const _errs45 = errors;
if(typeof data21.keys !== "string"){
validate110.errors = [{instancePath:instancePath+"/requestLog/keys",schemaPath:"#/properties/requestLog/properties/keys/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid4 = _errs45 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate110.errors = [{instancePath:instancePath+"/requestLog",schemaPath:"#/properties/requestLog/type",keyword:"type",params:{type: "object"}}];
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
let data25 = data.sensitiveFields;
const _errs47 = errors;
if(errors === _errs47){
if(Array.isArray(data25)){
var valid5 = true;
const len1 = data25.length;
for(let i1=0; i1<len1; i1++){
const _errs49 = errors;
if(typeof data25[i1] !== "string"){
validate110.errors = [{instancePath:instancePath+"/sensitiveFields/" + i1,schemaPath:"#/properties/sensitiveFields/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid5 = _errs49 === errors;
if(!valid5){
break;
}
}
}
else {
validate110.errors = [{instancePath:instancePath+"/sensitiveFields",schemaPath:"#/properties/sensitiveFields/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs47 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.encryptionKeys !== undefined){
const _errs51 = errors;
if(typeof data.encryptionKeys !== "string"){
validate110.errors = [{instancePath:instancePath+"/encryptionKeys",schemaPath:"#/properties/encryptionKeys/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs51 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.apiKeys !== undefined){
const _errs53 = errors;
if(typeof data.apiKeys !== "string"){
validate110.errors = [{instancePath:instancePath+"/apiKeys",schemaPath:"#/properties/apiKeys/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs53 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tls !== undefined){
let data29 = data.tls;
const _errs55 = errors;
if(errors === _errs55){
if(data29 && typeof data29 == "object" && !Array.isArray(data29)){
let missing3;
if(((data29.cert === undefined) && (missing3 = "cert")) || ((data29.key === undefined) && (missing3 = "key"))){
validate110.errors = [{instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data29.cert !== undefined){
const _errs57 = errors;
if(typeof data29.cert !== "string"){
validate110.errors = [{instancePath:instancePath+"/tls/cert",schemaPath:"#/properties/tls/properties/cert/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs57 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data29.key !== undefined){
const _errs59 = errors;
if(typeof data29.key !== "string"){
validate110.errors = [{instancePath:instancePath+"/tls/key",schemaPath:"#/properties/tls/properties/key/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs59 === errors;
}
else {
var valid6 = true;
}
}
}
}
else {
validate110.errors = [{instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/type",keyword:"type",params:{type: "object"}}];
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
validate110.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate110.errors = vErrors;
return errors === 0;
}

export const isLogLine = validate119;
const schema50 = {"type":"object","required":["timestamp","level","message"],"properties":{"timestamp":{"$ref":"#/definitions/Time"},"level":{"$ref":"#/definitions/LogLevel"},"message":{"type":"string"}}};
const schema51 = {"enum":["error","warn","info","debug"]};

function validate121(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!((((data === "error") || (data === "warn")) || (data === "info")) || (data === "debug"))){
validate121.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema51.enum}}];
return false;
}
validate121.errors = vErrors;
return errors === 0;
}


function validate119(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.timestamp === undefined) && (missing0 = "timestamp")) || ((data.level === undefined) && (missing0 = "level"))) || ((data.message === undefined) && (missing0 = "message"))){
validate119.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.timestamp !== undefined){
const _errs1 = errors;
if(!(validate32(data.timestamp, {instancePath:instancePath+"/timestamp",parentData:data,parentDataProperty:"timestamp",rootData}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.level !== undefined){
const _errs2 = errors;
if(!(validate121(data.level, {instancePath:instancePath+"/level",parentData:data,parentDataProperty:"level",rootData}))){
vErrors = vErrors === null ? validate121.errors : vErrors.concat(validate121.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs3 = errors;
if(typeof data.message !== "string"){
validate119.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
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
validate119.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate119.errors = vErrors;
return errors === 0;
}

export const isEvaluationRequest = validate123;
const schema52 = {"type":"object","required":["candidates","dataset","metric"],"properties":{"candidates":{"type":"array","items":{"$ref":"#/definitions/EvaluationCandidate"},"minItems":1},"dataset":{"$ref":"#/definitions/EvaluationDataset"},"metric":{"$ref":"#/definitions/Metric"},"output":{"type":"string"},"topK":{"type":"integer","minimum":1},"concurrencies":{"type":"array","items":{"type":"integer","minimum":1}},"device":{"$ref":"#/definitions/Device"},"threads":{"type":"integer","minimum":1},"batching":{"type":"object","properties":{"rows":{"$ref":"#/definitions/RowMode"},"maxRows":{"type":"integer","minimum":1},"maxDelayMs":{"type":"number","minimum":0},"maxQueue":{"type":"integer","minimum":1},"maxTokens":{"type":"integer","minimum":1}}},"timeoutSeconds":{"type":"number","exclusiveMinimum":0},"timeBudgetSeconds":{"type":"number","exclusiveMinimum":0},"seed":{"type":"integer"},"compareWith":{"type":"string"},"recordIn":{"type":"object","required":["candidate","folder"],"properties":{"candidate":{"type":"string"},"folder":{"type":"string"}}},"reportBytes":{"type":"integer","minimum":1024}}};
const schema53 = {"type":"object","required":["name","task"],"properties":{"name":{"type":"string","minLength":1,"maxLength":120},"task":{"$ref":"#/definitions/Task"},"source":{"type":"string"},"sourceName":{"type":"string"},"file":{"type":"string"},"sha256":{"type":"string"},"folder":{"type":"string"},"encryptionKeys":{"type":"string"},"digest":{"type":"string","pattern":"^sha256:[0-9a-f]{64}$"},"optimizationReport":{"type":"string"},"labels":{"type":"array","items":{"type":"string"}},"threads":{"type":"integer","minimum":1},"maxRows":{"type":"integer","minimum":1},"compareWith":{"type":"string"},"onlyCompared":{"type":"boolean"}}};

function validate124(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.name === undefined) && (missing0 = "name")) || ((data.task === undefined) && (missing0 = "task"))){
validate124.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 120){
validate124.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 120}}];
return false;
}
else {
if(data0.length < 1){
validate124.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate124.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
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
const _errs3 = errors;
if(!(validate28(data.task, {instancePath:instancePath+"/task",parentData:data,parentDataProperty:"task",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.source !== undefined){
const _errs4 = errors;
if(typeof data.source !== "string"){
validate124.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sourceName !== undefined){
const _errs6 = errors;
if(typeof data.sourceName !== "string"){
validate124.errors = [{instancePath:instancePath+"/sourceName",schemaPath:"#/properties/sourceName/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file !== undefined){
const _errs8 = errors;
if(typeof data.file !== "string"){
validate124.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sha256 !== undefined){
const _errs10 = errors;
if(typeof data.sha256 !== "string"){
validate124.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.folder !== undefined){
const _errs12 = errors;
if(typeof data.folder !== "string"){
validate124.errors = [{instancePath:instancePath+"/folder",schemaPath:"#/properties/folder/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.encryptionKeys !== undefined){
const _errs14 = errors;
if(typeof data.encryptionKeys !== "string"){
validate124.errors = [{instancePath:instancePath+"/encryptionKeys",schemaPath:"#/properties/encryptionKeys/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.digest !== undefined){
let data8 = data.digest;
const _errs16 = errors;
if(errors === _errs16){
if(typeof data8 === "string"){
if(!pattern1.test(data8)){
validate124.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/pattern",keyword:"pattern",params:{pattern: "^sha256:[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate124.errors = [{instancePath:instancePath+"/digest",schemaPath:"#/properties/digest/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.optimizationReport !== undefined){
const _errs18 = errors;
if(typeof data.optimizationReport !== "string"){
validate124.errors = [{instancePath:instancePath+"/optimizationReport",schemaPath:"#/properties/optimizationReport/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.labels !== undefined){
let data10 = data.labels;
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data10)){
var valid1 = true;
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
const _errs22 = errors;
if(typeof data10[i0] !== "string"){
validate124.errors = [{instancePath:instancePath+"/labels/" + i0,schemaPath:"#/properties/labels/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs22 === errors;
if(!valid1){
break;
}
}
}
else {
validate124.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.threads !== undefined){
let data12 = data.threads;
const _errs24 = errors;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
validate124.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs24){
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 < 1 || isNaN(data12)){
validate124.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.maxRows !== undefined){
let data13 = data.maxRows;
const _errs26 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
validate124.errors = [{instancePath:instancePath+"/maxRows",schemaPath:"#/properties/maxRows/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs26){
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 < 1 || isNaN(data13)){
validate124.errors = [{instancePath:instancePath+"/maxRows",schemaPath:"#/properties/maxRows/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.compareWith !== undefined){
const _errs28 = errors;
if(typeof data.compareWith !== "string"){
validate124.errors = [{instancePath:instancePath+"/compareWith",schemaPath:"#/properties/compareWith/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.onlyCompared !== undefined){
const _errs30 = errors;
if(typeof data.onlyCompared !== "boolean"){
validate124.errors = [{instancePath:instancePath+"/onlyCompared",schemaPath:"#/properties/onlyCompared/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs30 === errors;
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
validate124.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate124.errors = vErrors;
return errors === 0;
}

const schema54 = {"type":"object","required":["source"],"properties":{"source":{"type":"string"},"sourceName":{"type":"string"},"file":{"type":"string"},"sha256":{"type":"string"},"format":{"enum":["jsonl","csv"]},"split":{"type":"object","required":["share","part"],"properties":{"share":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"part":{"enum":["held-out","rest"]},"seed":{"type":"integer"}}},"sample":{"type":"object","required":["size"],"properties":{"size":{"type":"integer","minimum":1},"seed":{"type":"integer"}}},"calibration":{"enum":["only","without"]}}};

function validate127(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.source === undefined) && (missing0 = "source")){
validate127.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.source !== undefined){
const _errs1 = errors;
if(typeof data.source !== "string"){
validate127.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sourceName !== undefined){
const _errs3 = errors;
if(typeof data.sourceName !== "string"){
validate127.errors = [{instancePath:instancePath+"/sourceName",schemaPath:"#/properties/sourceName/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file !== undefined){
const _errs5 = errors;
if(typeof data.file !== "string"){
validate127.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sha256 !== undefined){
const _errs7 = errors;
if(typeof data.sha256 !== "string"){
validate127.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.format !== undefined){
let data4 = data.format;
const _errs9 = errors;
if(!((data4 === "jsonl") || (data4 === "csv"))){
validate127.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/enum",keyword:"enum",params:{allowedValues: schema54.properties.format.enum}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.split !== undefined){
let data5 = data.split;
const _errs10 = errors;
if(errors === _errs10){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing1;
if(((data5.share === undefined) && (missing1 = "share")) || ((data5.part === undefined) && (missing1 = "part"))){
validate127.errors = [{instancePath:instancePath+"/split",schemaPath:"#/properties/split/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data5.share !== undefined){
let data6 = data5.share;
const _errs12 = errors;
if(errors === _errs12){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 >= 1 || isNaN(data6)){
validate127.errors = [{instancePath:instancePath+"/split/share",schemaPath:"#/properties/split/properties/share/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1}}];
return false;
}
else {
if(data6 <= 0 || isNaN(data6)){
validate127.errors = [{instancePath:instancePath+"/split/share",schemaPath:"#/properties/split/properties/share/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
}
else {
validate127.errors = [{instancePath:instancePath+"/split/share",schemaPath:"#/properties/split/properties/share/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid1 = _errs12 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data5.part !== undefined){
let data7 = data5.part;
const _errs14 = errors;
if(!((data7 === "held-out") || (data7 === "rest"))){
validate127.errors = [{instancePath:instancePath+"/split/part",schemaPath:"#/properties/split/properties/part/enum",keyword:"enum",params:{allowedValues: schema54.properties.split.properties.part.enum}}];
return false;
}
var valid1 = _errs14 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data5.seed !== undefined){
let data8 = data5.seed;
const _errs15 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate127.errors = [{instancePath:instancePath+"/split/seed",schemaPath:"#/properties/split/properties/seed/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid1 = _errs15 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
else {
validate127.errors = [{instancePath:instancePath+"/split",schemaPath:"#/properties/split/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sample !== undefined){
let data9 = data.sample;
const _errs17 = errors;
if(errors === _errs17){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
let missing2;
if((data9.size === undefined) && (missing2 = "size")){
validate127.errors = [{instancePath:instancePath+"/sample",schemaPath:"#/properties/sample/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data9.size !== undefined){
let data10 = data9.size;
const _errs19 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate127.errors = [{instancePath:instancePath+"/sample/size",schemaPath:"#/properties/sample/properties/size/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs19){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 1 || isNaN(data10)){
validate127.errors = [{instancePath:instancePath+"/sample/size",schemaPath:"#/properties/sample/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs19 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data9.seed !== undefined){
let data11 = data9.seed;
const _errs21 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate127.errors = [{instancePath:instancePath+"/sample/seed",schemaPath:"#/properties/sample/properties/seed/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid2 = _errs21 === errors;
}
else {
var valid2 = true;
}
}
}
}
else {
validate127.errors = [{instancePath:instancePath+"/sample",schemaPath:"#/properties/sample/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.calibration !== undefined){
let data12 = data.calibration;
const _errs23 = errors;
if(!((data12 === "only") || (data12 === "without"))){
validate127.errors = [{instancePath:instancePath+"/calibration",schemaPath:"#/properties/calibration/enum",keyword:"enum",params:{allowedValues: schema54.properties.calibration.enum}}];
return false;
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
}
}
}
else {
validate127.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate127.errors = vErrors;
return errors === 0;
}


function validate123(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.candidates === undefined) && (missing0 = "candidates")) || ((data.dataset === undefined) && (missing0 = "dataset"))) || ((data.metric === undefined) && (missing0 = "metric"))){
validate123.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.candidates !== undefined){
let data0 = data.candidates;
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
if(data0.length < 1){
validate123.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/minItems",keyword:"minItems",params:{limit: 1}}];
return false;
}
else {
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs3 = errors;
if(!(validate124(data0[i0], {instancePath:instancePath+"/candidates/" + i0,parentData:data0,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate124.errors : vErrors.concat(validate124.errors);
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
validate123.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/type",keyword:"type",params:{type: "array"}}];
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
const _errs4 = errors;
if(!(validate127(data.dataset, {instancePath:instancePath+"/dataset",parentData:data,parentDataProperty:"dataset",rootData}))){
vErrors = vErrors === null ? validate127.errors : vErrors.concat(validate127.errors);
errors = vErrors.length;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metric !== undefined){
const _errs5 = errors;
if(!(validate92(data.metric, {instancePath:instancePath+"/metric",parentData:data,parentDataProperty:"metric",rootData}))){
vErrors = vErrors === null ? validate92.errors : vErrors.concat(validate92.errors);
errors = vErrors.length;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.output !== undefined){
const _errs6 = errors;
if(typeof data.output !== "string"){
validate123.errors = [{instancePath:instancePath+"/output",schemaPath:"#/properties/output/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.topK !== undefined){
let data5 = data.topK;
const _errs8 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate123.errors = [{instancePath:instancePath+"/topK",schemaPath:"#/properties/topK/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs8){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 1 || isNaN(data5)){
validate123.errors = [{instancePath:instancePath+"/topK",schemaPath:"#/properties/topK/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.concurrencies !== undefined){
let data6 = data.concurrencies;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data6)){
var valid2 = true;
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
const _errs12 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate123.errors = [{instancePath:instancePath+"/concurrencies/" + i1,schemaPath:"#/properties/concurrencies/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs12){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 1 || isNaN(data7)){
validate123.errors = [{instancePath:instancePath+"/concurrencies/" + i1,schemaPath:"#/properties/concurrencies/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs12 === errors;
if(!valid2){
break;
}
}
}
else {
validate123.errors = [{instancePath:instancePath+"/concurrencies",schemaPath:"#/properties/concurrencies/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device !== undefined){
const _errs14 = errors;
if(!(validate98(data.device, {instancePath:instancePath+"/device",parentData:data,parentDataProperty:"device",rootData}))){
vErrors = vErrors === null ? validate98.errors : vErrors.concat(validate98.errors);
errors = vErrors.length;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.threads !== undefined){
let data9 = data.threads;
const _errs15 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate123.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs15){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 1 || isNaN(data9)){
validate123.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.batching !== undefined){
let data10 = data.batching;
const _errs17 = errors;
if(errors === _errs17){
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.rows !== undefined){
const _errs19 = errors;
if(!(validate113(data10.rows, {instancePath:instancePath+"/batching/rows",parentData:data10,parentDataProperty:"rows",rootData}))){
vErrors = vErrors === null ? validate113.errors : vErrors.concat(validate113.errors);
errors = vErrors.length;
}
var valid3 = _errs19 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data10.maxRows !== undefined){
let data12 = data10.maxRows;
const _errs20 = errors;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
validate123.errors = [{instancePath:instancePath+"/batching/maxRows",schemaPath:"#/properties/batching/properties/maxRows/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs20){
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 < 1 || isNaN(data12)){
validate123.errors = [{instancePath:instancePath+"/batching/maxRows",schemaPath:"#/properties/batching/properties/maxRows/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid3 = _errs20 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data10.maxDelayMs !== undefined){
let data13 = data10.maxDelayMs;
const _errs22 = errors;
if(errors === _errs22){
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 < 0 || isNaN(data13)){
validate123.errors = [{instancePath:instancePath+"/batching/maxDelayMs",schemaPath:"#/properties/batching/properties/maxDelayMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/batching/maxDelayMs",schemaPath:"#/properties/batching/properties/maxDelayMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid3 = _errs22 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data10.maxQueue !== undefined){
let data14 = data10.maxQueue;
const _errs24 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
validate123.errors = [{instancePath:instancePath+"/batching/maxQueue",schemaPath:"#/properties/batching/properties/maxQueue/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs24){
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 < 1 || isNaN(data14)){
validate123.errors = [{instancePath:instancePath+"/batching/maxQueue",schemaPath:"#/properties/batching/properties/maxQueue/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid3 = _errs24 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data10.maxTokens !== undefined){
let data15 = data10.maxTokens;
const _errs26 = errors;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
validate123.errors = [{instancePath:instancePath+"/batching/maxTokens",schemaPath:"#/properties/batching/properties/maxTokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs26){
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 < 1 || isNaN(data15)){
validate123.errors = [{instancePath:instancePath+"/batching/maxTokens",schemaPath:"#/properties/batching/properties/maxTokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid3 = _errs26 === errors;
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
validate123.errors = [{instancePath:instancePath+"/batching",schemaPath:"#/properties/batching/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeoutSeconds !== undefined){
let data16 = data.timeoutSeconds;
const _errs28 = errors;
if(errors === _errs28){
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 <= 0 || isNaN(data16)){
validate123.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeBudgetSeconds !== undefined){
let data17 = data.timeBudgetSeconds;
const _errs30 = errors;
if(errors === _errs30){
if((typeof data17 == "number") && (isFinite(data17))){
if(data17 <= 0 || isNaN(data17)){
validate123.errors = [{instancePath:instancePath+"/timeBudgetSeconds",schemaPath:"#/properties/timeBudgetSeconds/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
else {
validate123.errors = [{instancePath:instancePath+"/timeBudgetSeconds",schemaPath:"#/properties/timeBudgetSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seed !== undefined){
let data18 = data.seed;
const _errs32 = errors;
if(!(((typeof data18 == "number") && (!(data18 % 1) && !isNaN(data18))) && (isFinite(data18)))){
validate123.errors = [{instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs32 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.compareWith !== undefined){
const _errs34 = errors;
if(typeof data.compareWith !== "string"){
validate123.errors = [{instancePath:instancePath+"/compareWith",schemaPath:"#/properties/compareWith/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs34 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.recordIn !== undefined){
let data20 = data.recordIn;
const _errs36 = errors;
if(errors === _errs36){
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
let missing1;
if(((data20.candidate === undefined) && (missing1 = "candidate")) || ((data20.folder === undefined) && (missing1 = "folder"))){
validate123.errors = [{instancePath:instancePath+"/recordIn",schemaPath:"#/properties/recordIn/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data20.candidate !== undefined){
const _errs38 = errors;
if(typeof data20.candidate !== "string"){
validate123.errors = [{instancePath:instancePath+"/recordIn/candidate",schemaPath:"#/properties/recordIn/properties/candidate/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid4 = _errs38 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data20.folder !== undefined){
const _errs40 = errors;
if(typeof data20.folder !== "string"){
validate123.errors = [{instancePath:instancePath+"/recordIn/folder",schemaPath:"#/properties/recordIn/properties/folder/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid4 = _errs40 === errors;
}
else {
var valid4 = true;
}
}
}
}
else {
validate123.errors = [{instancePath:instancePath+"/recordIn",schemaPath:"#/properties/recordIn/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reportBytes !== undefined){
let data23 = data.reportBytes;
const _errs42 = errors;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
validate123.errors = [{instancePath:instancePath+"/reportBytes",schemaPath:"#/properties/reportBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs42){
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 1024 || isNaN(data23)){
validate123.errors = [{instancePath:instancePath+"/reportBytes",schemaPath:"#/properties/reportBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1024}}];
return false;
}
}
}
var valid0 = _errs42 === errors;
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
validate123.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate123.errors = vErrors;
return errors === 0;
}

export const isEvaluationReport = validate132;
const schema55 = {"anyOf":[{"$ref":"#/definitions/MeasuredReport"},{"$ref":"#/definitions/EvaluationFailedReport"}]};
const schema56 = {"type":"object","required":["outcome","candidates","dataset"],"properties":{"outcome":{"const":"measured"},"candidates":{"type":"array","items":{"anyOf":[{"$ref":"#/definitions/Measurement"},{"$ref":"#/definitions/Unmeasured"}]}},"dataset":{"$ref":"#/definitions/EvaluatedDataset"},"comparisons":{"type":"array","items":{"$ref":"#/definitions/Comparison"}},"report":{"$ref":"#/definitions/ReportLocation"}}};
const schema57 = {"type":"object","required":["name","reason","message"],"properties":{"name":{"type":"string","minLength":1,"maxLength":120},"reason":{"anyOf":[{"$ref":"#/definitions/ImportFailure"},{"$ref":"#/definitions/CandidateFailure"}]},"message":{"type":"string"},"retry":{"enum":["never","backoff"]}}};
const schema58 = {"enum":["LoadFailed","OutOfMemory","LabelsMismatch","ShapeMismatch","PredictionFailed","OutOfTime","MetricUnsupported","EvaluationFailed","RecipeFailed"]};

function validate137(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((((((((data === "LoadFailed") || (data === "OutOfMemory")) || (data === "LabelsMismatch")) || (data === "ShapeMismatch")) || (data === "PredictionFailed")) || (data === "OutOfTime")) || (data === "MetricUnsupported")) || (data === "EvaluationFailed")) || (data === "RecipeFailed"))){
validate137.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema58.enum}}];
return false;
}
validate137.errors = vErrors;
return errors === 0;
}


function validate135(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.name === undefined) && (missing0 = "name")) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))){
validate135.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length > 120){
validate135.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 120}}];
return false;
}
else {
if(data0.length < 1){
validate135.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
}
else {
validate135.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
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
if(!(validate61(data1, {instancePath:instancePath+"/reason",parentData:data,parentDataProperty:"reason",rootData}))){
vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors);
errors = vErrors.length;
}
var _valid0 = _errs5 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs6 = errors;
if(!(validate137(data1, {instancePath:instancePath+"/reason",parentData:data,parentDataProperty:"reason",rootData}))){
vErrors = vErrors === null ? validate137.errors : vErrors.concat(validate137.errors);
errors = vErrors.length;
}
var _valid0 = _errs6 === errors;
valid1 = valid1 || _valid0;
}
if(!valid1){
const err0 = {instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
validate135.errors = vErrors;
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
const _errs7 = errors;
if(typeof data.message !== "string"){
validate135.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retry !== undefined){
let data3 = data.retry;
const _errs9 = errors;
if(!((data3 === "never") || (data3 === "backoff"))){
validate135.errors = [{instancePath:instancePath+"/retry",schemaPath:"#/properties/retry/enum",keyword:"enum",params:{allowedValues: schema57.properties.retry.enum}}];
return false;
}
var valid0 = _errs9 === errors;
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
validate135.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate135.errors = vErrors;
return errors === 0;
}

const schema59 = {"type":"object","required":["sha256","sizeBytes","parts"],"properties":{"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"parts":{"type":"integer","minimum":1}}};

function validate142(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.sha256 === undefined) && (missing0 = "sha256")) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.parts === undefined) && (missing0 = "parts"))){
validate142.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.sha256 !== undefined){
let data0 = data.sha256;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(!pattern14.test(data0)){
validate142.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate142.errors = [{instancePath:instancePath+"/sha256",schemaPath:"#/properties/sha256/type",keyword:"type",params:{type: "string"}}];
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
const _errs3 = errors;
if(!(validate30(data.sizeBytes, {instancePath:instancePath+"/sizeBytes",parentData:data,parentDataProperty:"sizeBytes",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.parts !== undefined){
let data2 = data.parts;
const _errs4 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate142.errors = [{instancePath:instancePath+"/parts",schemaPath:"#/properties/parts/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs4){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
validate142.errors = [{instancePath:instancePath+"/parts",schemaPath:"#/properties/parts/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate142.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate142.errors = vErrors;
return errors === 0;
}


function validate133(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.candidates === undefined) && (missing0 = "candidates"))) || ((data.dataset === undefined) && (missing0 = "dataset"))){
validate133.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("measured" !== data.outcome){
validate133.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "measured"}}];
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
if(!(validate72(data2, {instancePath:instancePath+"/candidates/" + i0,parentData:data1,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
var _valid0 = _errs6 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const _errs7 = errors;
if(!(validate135(data2, {instancePath:instancePath+"/candidates/" + i0,parentData:data1,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate135.errors : vErrors.concat(validate135.errors);
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
validate133.errors = vErrors;
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
validate133.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/type",keyword:"type",params:{type: "array"}}];
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
const _errs8 = errors;
if(!(validate88(data.dataset, {instancePath:instancePath+"/dataset",parentData:data,parentDataProperty:"dataset",rootData}))){
vErrors = vErrors === null ? validate88.errors : vErrors.concat(validate88.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comparisons !== undefined){
let data4 = data.comparisons;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data4)){
var valid3 = true;
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
const _errs11 = errors;
if(!(validate91(data4[i1], {instancePath:instancePath+"/comparisons/" + i1,parentData:data4,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate91.errors : vErrors.concat(validate91.errors);
errors = vErrors.length;
}
var valid3 = _errs11 === errors;
if(!valid3){
break;
}
}
}
else {
validate133.errors = [{instancePath:instancePath+"/comparisons",schemaPath:"#/properties/comparisons/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.report !== undefined){
const _errs12 = errors;
if(!(validate142(data.report, {instancePath:instancePath+"/report",parentData:data,parentDataProperty:"report",rootData}))){
vErrors = vErrors === null ? validate142.errors : vErrors.concat(validate142.errors);
errors = vErrors.length;
}
var valid0 = _errs12 === errors;
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
validate133.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate133.errors = vErrors;
return errors === 0;
}

const schema60 = {"type":"object","required":["outcome","reason","message","retry"],"properties":{"outcome":{"const":"failed"},"reason":{"$ref":"#/definitions/EvaluationFailure"},"message":{"type":"string"},"retry":{"enum":["never","backoff"]}}};
const schema61 = {"enum":["DatasetUnreachable","DatasetNotFound","DatasetForbidden","DatasetNotAllowed","DatasetInvalid","MetricUnsupported","EvaluationFailed"]};

function validate147(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((((((data === "DatasetUnreachable") || (data === "DatasetNotFound")) || (data === "DatasetForbidden")) || (data === "DatasetNotAllowed")) || (data === "DatasetInvalid")) || (data === "MetricUnsupported")) || (data === "EvaluationFailed"))){
validate147.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema61.enum}}];
return false;
}
validate147.errors = vErrors;
return errors === 0;
}


function validate146(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))) || ((data.retry === undefined) && (missing0 = "retry"))){
validate146.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("failed" !== data.outcome){
validate146.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "failed"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs2 = errors;
if(!(validate147(data.reason, {instancePath:instancePath+"/reason",parentData:data,parentDataProperty:"reason",rootData}))){
vErrors = vErrors === null ? validate147.errors : vErrors.concat(validate147.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs3 = errors;
if(typeof data.message !== "string"){
validate146.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retry !== undefined){
let data3 = data.retry;
const _errs5 = errors;
if(!((data3 === "never") || (data3 === "backoff"))){
validate146.errors = [{instancePath:instancePath+"/retry",schemaPath:"#/properties/retry/enum",keyword:"enum",params:{allowedValues: schema60.properties.retry.enum}}];
return false;
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
}
else {
validate146.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate146.errors = vErrors;
return errors === 0;
}


function validate132(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate133(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate133.errors : vErrors.concat(validate133.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate146(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate146.errors : vErrors.concat(validate146.errors);
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
validate132.errors = vErrors;
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
validate132.errors = vErrors;
return errors === 0;
}

export const isCandidateReports = validate150;
const schema62 = {"type":"object","required":["evaluatedAt","dataset","candidates"],"properties":{"evaluatedAt":{"$ref":"#/definitions/Time"},"dataset":{"$ref":"#/definitions/EvaluatedDataset"},"metric":{"$ref":"#/definitions/Metric"},"candidates":{"type":"array","items":{"anyOf":[{"$ref":"#/definitions/CandidateReport"},{"$ref":"#/definitions/Unmeasured"}]}},"comparisons":{"type":"array","items":{"$ref":"#/definitions/Comparison"}}}};
const schema63 = {"type":"object","required":["measurement"],"properties":{"measurement":{"$ref":"#/definitions/Measurement"},"confusion":{"$ref":"#/definitions/ConfusionMatrix"},"perClass":{"type":"array","items":{"type":"object","required":["label","precision","recall","f1","support"],"properties":{"label":{"type":"string"},"precision":{"type":"number"},"recall":{"type":"number"},"f1":{"type":"number"},"support":{"type":"integer"}}}},"latencies":{"allOf":[{"$ref":"#/definitions/Histogram"}]},"rounds":{"type":"array","items":{"type":"object","required":["concurrency","throughputPerSecond"],"properties":{"concurrency":{"type":"integer"},"throughputPerSecond":{"type":"array","items":{"type":"number"}}}}},"remarks":{"type":"array","items":{"type":"string"}},"mistakes":{"type":"array","items":{"type":"object","required":["line","expected","predicted"],"properties":{"line":{"type":"integer"},"expected":{"type":"string"},"predicted":{"type":"string"}}}}}};
const schema64 = {"type":"object","required":["labels","counts"],"properties":{"labels":{"type":"array","items":{"type":"string"}},"counts":{"type":"array","items":{"type":"array","items":{"type":"integer"}}}}};

function validate156(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.labels === undefined) && (missing0 = "labels")) || ((data.counts === undefined) && (missing0 = "counts"))){
validate156.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.labels !== undefined){
let data0 = data.labels;
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs3 = errors;
if(typeof data0[i0] !== "string"){
validate156.errors = [{instancePath:instancePath+"/labels/" + i0,schemaPath:"#/properties/labels/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs3 === errors;
if(!valid1){
break;
}
}
}
else {
validate156.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.counts !== undefined){
let data2 = data.counts;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
var valid2 = true;
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
const _errs7 = errors;
if(errors === _errs7){
if(Array.isArray(data3)){
var valid3 = true;
const len2 = data3.length;
for(let i2=0; i2<len2; i2++){
let data4 = data3[i2];
const _errs9 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate156.errors = [{instancePath:instancePath+"/counts/" + i1+"/" + i2,schemaPath:"#/properties/counts/items/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs9 === errors;
if(!valid3){
break;
}
}
}
else {
validate156.errors = [{instancePath:instancePath+"/counts/" + i1,schemaPath:"#/properties/counts/items/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid2 = _errs7 === errors;
if(!valid2){
break;
}
}
}
else {
validate156.errors = [{instancePath:instancePath+"/counts",schemaPath:"#/properties/counts/type",keyword:"type",params:{type: "array"}}];
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
else {
validate156.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate156.errors = vErrors;
return errors === 0;
}

const schema65 = {"type":"object","required":["edges","counts"],"properties":{"edges":{"type":"array","items":{"type":"number"}},"counts":{"type":"array","items":{"type":"integer"}}}};

function validate158(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.edges === undefined) && (missing0 = "edges")) || ((data.counts === undefined) && (missing0 = "counts"))){
validate158.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.edges !== undefined){
let data0 = data.edges;
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
const _errs3 = errors;
if(!((typeof data1 == "number") && (isFinite(data1)))){
validate158.errors = [{instancePath:instancePath+"/edges/" + i0,schemaPath:"#/properties/edges/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid1 = _errs3 === errors;
if(!valid1){
break;
}
}
}
else {
validate158.errors = [{instancePath:instancePath+"/edges",schemaPath:"#/properties/edges/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.counts !== undefined){
let data2 = data.counts;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
var valid2 = true;
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
const _errs7 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate158.errors = [{instancePath:instancePath+"/counts/" + i1,schemaPath:"#/properties/counts/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid2 = _errs7 === errors;
if(!valid2){
break;
}
}
}
else {
validate158.errors = [{instancePath:instancePath+"/counts",schemaPath:"#/properties/counts/type",keyword:"type",params:{type: "array"}}];
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
else {
validate158.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate158.errors = vErrors;
return errors === 0;
}


function validate154(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.measurement === undefined) && (missing0 = "measurement")){
validate154.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.measurement !== undefined){
const _errs1 = errors;
if(!(validate72(data.measurement, {instancePath:instancePath+"/measurement",parentData:data,parentDataProperty:"measurement",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.confusion !== undefined){
const _errs2 = errors;
if(!(validate156(data.confusion, {instancePath:instancePath+"/confusion",parentData:data,parentDataProperty:"confusion",rootData}))){
vErrors = vErrors === null ? validate156.errors : vErrors.concat(validate156.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.perClass !== undefined){
let data2 = data.perClass;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data2)){
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs5 = errors;
if(errors === _errs5){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if((((((data3.label === undefined) && (missing1 = "label")) || ((data3.precision === undefined) && (missing1 = "precision"))) || ((data3.recall === undefined) && (missing1 = "recall"))) || ((data3.f1 === undefined) && (missing1 = "f1"))) || ((data3.support === undefined) && (missing1 = "support"))){
validate154.errors = [{instancePath:instancePath+"/perClass/" + i0,schemaPath:"#/properties/perClass/items/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data3.label !== undefined){
const _errs7 = errors;
if(typeof data3.label !== "string"){
validate154.errors = [{instancePath:instancePath+"/perClass/" + i0+"/label",schemaPath:"#/properties/perClass/items/properties/label/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs7 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.precision !== undefined){
let data5 = data3.precision;
const _errs9 = errors;
if(!((typeof data5 == "number") && (isFinite(data5)))){
validate154.errors = [{instancePath:instancePath+"/perClass/" + i0+"/precision",schemaPath:"#/properties/perClass/items/properties/precision/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.recall !== undefined){
let data6 = data3.recall;
const _errs11 = errors;
if(!((typeof data6 == "number") && (isFinite(data6)))){
validate154.errors = [{instancePath:instancePath+"/perClass/" + i0+"/recall",schemaPath:"#/properties/perClass/items/properties/recall/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid2 = _errs11 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.f1 !== undefined){
let data7 = data3.f1;
const _errs13 = errors;
if(!((typeof data7 == "number") && (isFinite(data7)))){
validate154.errors = [{instancePath:instancePath+"/perClass/" + i0+"/f1",schemaPath:"#/properties/perClass/items/properties/f1/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid2 = _errs13 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data3.support !== undefined){
let data8 = data3.support;
const _errs15 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate154.errors = [{instancePath:instancePath+"/perClass/" + i0+"/support",schemaPath:"#/properties/perClass/items/properties/support/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid2 = _errs15 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
else {
validate154.errors = [{instancePath:instancePath+"/perClass/" + i0,schemaPath:"#/properties/perClass/items/type",keyword:"type",params:{type: "object"}}];
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
validate154.errors = [{instancePath:instancePath+"/perClass",schemaPath:"#/properties/perClass/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.latencies !== undefined){
const _errs17 = errors;
if(!(validate158(data.latencies, {instancePath:instancePath+"/latencies",parentData:data,parentDataProperty:"latencies",rootData}))){
vErrors = vErrors === null ? validate158.errors : vErrors.concat(validate158.errors);
errors = vErrors.length;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rounds !== undefined){
let data10 = data.rounds;
const _errs19 = errors;
if(errors === _errs19){
if(Array.isArray(data10)){
var valid4 = true;
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
let data11 = data10[i1];
const _errs21 = errors;
if(errors === _errs21){
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
let missing2;
if(((data11.concurrency === undefined) && (missing2 = "concurrency")) || ((data11.throughputPerSecond === undefined) && (missing2 = "throughputPerSecond"))){
validate154.errors = [{instancePath:instancePath+"/rounds/" + i1,schemaPath:"#/properties/rounds/items/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data11.concurrency !== undefined){
let data12 = data11.concurrency;
const _errs23 = errors;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
validate154.errors = [{instancePath:instancePath+"/rounds/" + i1+"/concurrency",schemaPath:"#/properties/rounds/items/properties/concurrency/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid5 = _errs23 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data11.throughputPerSecond !== undefined){
let data13 = data11.throughputPerSecond;
const _errs25 = errors;
if(errors === _errs25){
if(Array.isArray(data13)){
var valid6 = true;
const len2 = data13.length;
for(let i2=0; i2<len2; i2++){
let data14 = data13[i2];
const _errs27 = errors;
if(!((typeof data14 == "number") && (isFinite(data14)))){
validate154.errors = [{instancePath:instancePath+"/rounds/" + i1+"/throughputPerSecond/" + i2,schemaPath:"#/properties/rounds/items/properties/throughputPerSecond/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid6 = _errs27 === errors;
if(!valid6){
break;
}
}
}
else {
validate154.errors = [{instancePath:instancePath+"/rounds/" + i1+"/throughputPerSecond",schemaPath:"#/properties/rounds/items/properties/throughputPerSecond/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid5 = _errs25 === errors;
}
else {
var valid5 = true;
}
}
}
}
else {
validate154.errors = [{instancePath:instancePath+"/rounds/" + i1,schemaPath:"#/properties/rounds/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid4 = _errs21 === errors;
if(!valid4){
break;
}
}
}
else {
validate154.errors = [{instancePath:instancePath+"/rounds",schemaPath:"#/properties/rounds/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.remarks !== undefined){
let data15 = data.remarks;
const _errs29 = errors;
if(errors === _errs29){
if(Array.isArray(data15)){
var valid7 = true;
const len3 = data15.length;
for(let i3=0; i3<len3; i3++){
const _errs31 = errors;
if(typeof data15[i3] !== "string"){
validate154.errors = [{instancePath:instancePath+"/remarks/" + i3,schemaPath:"#/properties/remarks/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid7 = _errs31 === errors;
if(!valid7){
break;
}
}
}
else {
validate154.errors = [{instancePath:instancePath+"/remarks",schemaPath:"#/properties/remarks/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs29 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.mistakes !== undefined){
let data17 = data.mistakes;
const _errs33 = errors;
if(errors === _errs33){
if(Array.isArray(data17)){
var valid8 = true;
const len4 = data17.length;
for(let i4=0; i4<len4; i4++){
let data18 = data17[i4];
const _errs35 = errors;
if(errors === _errs35){
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
let missing3;
if((((data18.line === undefined) && (missing3 = "line")) || ((data18.expected === undefined) && (missing3 = "expected"))) || ((data18.predicted === undefined) && (missing3 = "predicted"))){
validate154.errors = [{instancePath:instancePath+"/mistakes/" + i4,schemaPath:"#/properties/mistakes/items/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data18.line !== undefined){
let data19 = data18.line;
const _errs37 = errors;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
validate154.errors = [{instancePath:instancePath+"/mistakes/" + i4+"/line",schemaPath:"#/properties/mistakes/items/properties/line/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid9 = _errs37 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data18.expected !== undefined){
const _errs39 = errors;
if(typeof data18.expected !== "string"){
validate154.errors = [{instancePath:instancePath+"/mistakes/" + i4+"/expected",schemaPath:"#/properties/mistakes/items/properties/expected/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid9 = _errs39 === errors;
}
else {
var valid9 = true;
}
if(valid9){
if(data18.predicted !== undefined){
const _errs41 = errors;
if(typeof data18.predicted !== "string"){
validate154.errors = [{instancePath:instancePath+"/mistakes/" + i4+"/predicted",schemaPath:"#/properties/mistakes/items/properties/predicted/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid9 = _errs41 === errors;
}
else {
var valid9 = true;
}
}
}
}
}
else {
validate154.errors = [{instancePath:instancePath+"/mistakes/" + i4,schemaPath:"#/properties/mistakes/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid8 = _errs35 === errors;
if(!valid8){
break;
}
}
}
else {
validate154.errors = [{instancePath:instancePath+"/mistakes",schemaPath:"#/properties/mistakes/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs33 === errors;
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
validate154.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate154.errors = vErrors;
return errors === 0;
}


function validate150(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.evaluatedAt === undefined) && (missing0 = "evaluatedAt")) || ((data.dataset === undefined) && (missing0 = "dataset"))) || ((data.candidates === undefined) && (missing0 = "candidates"))){
validate150.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.evaluatedAt !== undefined){
const _errs1 = errors;
if(!(validate32(data.evaluatedAt, {instancePath:instancePath+"/evaluatedAt",parentData:data,parentDataProperty:"evaluatedAt",rootData}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataset !== undefined){
const _errs2 = errors;
if(!(validate88(data.dataset, {instancePath:instancePath+"/dataset",parentData:data,parentDataProperty:"dataset",rootData}))){
vErrors = vErrors === null ? validate88.errors : vErrors.concat(validate88.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metric !== undefined){
const _errs3 = errors;
if(!(validate92(data.metric, {instancePath:instancePath+"/metric",parentData:data,parentDataProperty:"metric",rootData}))){
vErrors = vErrors === null ? validate92.errors : vErrors.concat(validate92.errors);
errors = vErrors.length;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.candidates !== undefined){
let data3 = data.candidates;
const _errs4 = errors;
if(errors === _errs4){
if(Array.isArray(data3)){
var valid1 = true;
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
const _errs6 = errors;
const _errs7 = errors;
let valid2 = false;
const _errs8 = errors;
if(!(validate154(data4, {instancePath:instancePath+"/candidates/" + i0,parentData:data3,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate154.errors : vErrors.concat(validate154.errors);
errors = vErrors.length;
}
var _valid0 = _errs8 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const _errs9 = errors;
if(!(validate135(data4, {instancePath:instancePath+"/candidates/" + i0,parentData:data3,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate135.errors : vErrors.concat(validate135.errors);
errors = vErrors.length;
}
var _valid0 = _errs9 === errors;
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
validate150.errors = vErrors;
return false;
}
else {
errors = _errs7;
if(vErrors !== null){
if(_errs7){
vErrors.length = _errs7;
}
else {
vErrors = null;
}
}
}
var valid1 = _errs6 === errors;
if(!valid1){
break;
}
}
}
else {
validate150.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.comparisons !== undefined){
let data5 = data.comparisons;
const _errs10 = errors;
if(errors === _errs10){
if(Array.isArray(data5)){
var valid3 = true;
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
const _errs12 = errors;
if(!(validate91(data5[i1], {instancePath:instancePath+"/comparisons/" + i1,parentData:data5,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate91.errors : vErrors.concat(validate91.errors);
errors = vErrors.length;
}
var valid3 = _errs12 === errors;
if(!valid3){
break;
}
}
}
else {
validate150.errors = [{instancePath:instancePath+"/comparisons",schemaPath:"#/properties/comparisons/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs10 === errors;
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
validate150.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate150.errors = vErrors;
return errors === 0;
}

export const isOptimizationRecipe = validate163;

function validate163(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
const _errs1 = errors;
for(const key0 in data){
if(!(((((key0 === "export") || (key0 === "distill")) || (key0 === "graph")) || (key0 === "prune")) || (key0 === "quantize"))){
validate163.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.export !== undefined){
let data0 = data.export;
const _errs2 = errors;
if(errors === _errs2){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing0;
if((data0.missingValues === undefined) && (missing0 = "missingValues")){
validate163.errors = [{instancePath:instancePath+"/export",schemaPath:"#/properties/export/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs4 = errors;
for(const key1 in data0){
if(!(key1 === "missingValues")){
validate163.errors = [{instancePath:instancePath+"/export",schemaPath:"#/properties/export/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs4 === errors){
if(data0.missingValues !== undefined){
if(typeof data0.missingValues !== "boolean"){
validate163.errors = [{instancePath:instancePath+"/export/missingValues",schemaPath:"#/properties/export/properties/missingValues/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
}
}
}
}
else {
validate163.errors = [{instancePath:instancePath+"/export",schemaPath:"#/properties/export/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.distill !== undefined){
let data2 = data.distill;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((((data2.layers === undefined) && (missing1 = "layers")) || ((data2.width === undefined) && (missing1 = "width"))) || ((data2.epochs === undefined) && (missing1 = "epochs"))) || ((data2.seconds === undefined) && (missing1 = "seconds"))) || ((data2.seed === undefined) && (missing1 = "seed"))){
validate163.errors = [{instancePath:instancePath+"/distill",schemaPath:"#/properties/distill/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs9 = errors;
for(const key2 in data2){
if(!(((((key2 === "layers") || (key2 === "width")) || (key2 === "epochs")) || (key2 === "seconds")) || (key2 === "seed"))){
validate163.errors = [{instancePath:instancePath+"/distill",schemaPath:"#/properties/distill/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.layers !== undefined){
let data3 = data2.layers;
const _errs10 = errors;
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 1 || isNaN(data3)){
validate163.errors = [{instancePath:instancePath+"/distill/layers",schemaPath:"#/properties/distill/properties/layers/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data3 <= 0 || isNaN(data3)){
validate163.errors = [{instancePath:instancePath+"/distill/layers",schemaPath:"#/properties/distill/properties/layers/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
}
else {
validate163.errors = [{instancePath:instancePath+"/distill/layers",schemaPath:"#/properties/distill/properties/layers/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.width !== undefined){
let data4 = data2.width;
const _errs12 = errors;
if(errors === _errs12){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 1 || isNaN(data4)){
validate163.errors = [{instancePath:instancePath+"/distill/width",schemaPath:"#/properties/distill/properties/width/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data4 <= 0 || isNaN(data4)){
validate163.errors = [{instancePath:instancePath+"/distill/width",schemaPath:"#/properties/distill/properties/width/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
}
else {
validate163.errors = [{instancePath:instancePath+"/distill/width",schemaPath:"#/properties/distill/properties/width/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.epochs !== undefined){
let data5 = data2.epochs;
const _errs14 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate163.errors = [{instancePath:instancePath+"/distill/epochs",schemaPath:"#/properties/distill/properties/epochs/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs14){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 1 || isNaN(data5)){
validate163.errors = [{instancePath:instancePath+"/distill/epochs",schemaPath:"#/properties/distill/properties/epochs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.seconds !== undefined){
let data6 = data2.seconds;
const _errs16 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate163.errors = [{instancePath:instancePath+"/distill/seconds",schemaPath:"#/properties/distill/properties/seconds/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs16){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 1 || isNaN(data6)){
validate163.errors = [{instancePath:instancePath+"/distill/seconds",schemaPath:"#/properties/distill/properties/seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.seed !== undefined){
let data7 = data2.seed;
const _errs18 = errors;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
validate163.errors = [{instancePath:instancePath+"/distill/seed",schemaPath:"#/properties/distill/properties/seed/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs18){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
validate163.errors = [{instancePath:instancePath+"/distill/seed",schemaPath:"#/properties/distill/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs18 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
}
else {
validate163.errors = [{instancePath:instancePath+"/distill",schemaPath:"#/properties/distill/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.graph !== undefined){
let data8 = data.graph;
const _errs20 = errors;
if(!(((data8 === "none") || (data8 === "basic")) || (data8 === "all"))){
validate163.errors = [{instancePath:instancePath+"/graph",schemaPath:"#/properties/graph/enum",keyword:"enum",params:{allowedValues: schema17.properties.graph.enum}}];
return false;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.prune !== undefined){
let data9 = data.prune;
const _errs21 = errors;
if(errors === _errs21){
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
let missing2;
if(((data9.method === undefined) && (missing2 = "method")) || ((data9.ratio === undefined) && (missing2 = "ratio"))){
validate163.errors = [{instancePath:instancePath+"/prune",schemaPath:"#/properties/prune/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs23 = errors;
for(const key3 in data9){
if(!(((key3 === "method") || (key3 === "ratio")) || (key3 === "heads"))){
validate163.errors = [{instancePath:instancePath+"/prune",schemaPath:"#/properties/prune/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}}];
return false;
break;
}
}
if(_errs23 === errors){
if(data9.method !== undefined){
let data10 = data9.method;
const _errs24 = errors;
if(!((data10 === "l1-unstructured") || (data10 === "structured"))){
validate163.errors = [{instancePath:instancePath+"/prune/method",schemaPath:"#/properties/prune/properties/method/enum",keyword:"enum",params:{allowedValues: schema17.properties.prune.properties.method.enum}}];
return false;
}
var valid3 = _errs24 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data9.ratio !== undefined){
let data11 = data9.ratio;
const _errs25 = errors;
if(errors === _errs25){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 >= 1 || isNaN(data11)){
validate163.errors = [{instancePath:instancePath+"/prune/ratio",schemaPath:"#/properties/prune/properties/ratio/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1}}];
return false;
}
else {
if(data11 <= 0 || isNaN(data11)){
validate163.errors = [{instancePath:instancePath+"/prune/ratio",schemaPath:"#/properties/prune/properties/ratio/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0}}];
return false;
}
}
}
else {
validate163.errors = [{instancePath:instancePath+"/prune/ratio",schemaPath:"#/properties/prune/properties/ratio/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid3 = _errs25 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data9.heads !== undefined){
const _errs27 = errors;
if(typeof data9.heads !== "boolean"){
validate163.errors = [{instancePath:instancePath+"/prune/heads",schemaPath:"#/properties/prune/properties/heads/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid3 = _errs27 === errors;
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
validate163.errors = [{instancePath:instancePath+"/prune",schemaPath:"#/properties/prune/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.quantize !== undefined){
let data13 = data.quantize;
const _errs29 = errors;
if(!(((((data13 === "none") || (data13 === "int8-dynamic")) || (data13 === "int8-static")) || (data13 === "int4")) || (data13 === "fp16"))){
validate163.errors = [{instancePath:instancePath+"/quantize",schemaPath:"#/properties/quantize/enum",keyword:"enum",params:{allowedValues: schema17.properties.quantize.enum}}];
return false;
}
var valid0 = _errs29 === errors;
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
validate163.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate163.errors = vErrors;
return errors === 0;
}

export const isOptimizationReport = validate164;
const schema67 = {"anyOf":[{"$ref":"#/definitions/OptimizedReport"},{"$ref":"#/definitions/OptimizationFailedReport"}]};
const schema68 = {"type":"object","required":["outcome","recipe","model","steps","total","versions"],"properties":{"outcome":{"const":"optimized"},"recipe":{"$ref":"#/definitions/OptimizationRecipe"},"model":{"type":"string"},"steps":{"type":"array","items":{"$ref":"#/definitions/OptimizationStep"}},"total":{"type":"object","required":["sizeBytes","agreement"],"properties":{"sizeBytes":{"type":"object","required":["before","after"],"properties":{"before":{"$ref":"#/definitions/SizeBytes"},"after":{"$ref":"#/definitions/SizeBytes"},"compressedBefore":{"$ref":"#/definitions/SizeBytes"},"compressedAfter":{"$ref":"#/definitions/SizeBytes"}}},"latency":{"$ref":"#/definitions/StepLatency"},"agreement":{"$ref":"#/definitions/ModelAgreement"},"accuracy":{"$ref":"#/definitions/StepAccuracy"}}},"verdict":{"type":"object","required":["basis","passed","sentence"],"properties":{"basis":{"enum":["labels","samples","generated"]},"passed":{"type":"boolean"},"sentence":{"type":"string"}}},"served":{"type":"string"},"versions":{"type":"object","additionalProperties":{"type":"string"}}}};
const schema69 = {"type":"object","required":["name","tool","sizeBytes","nodes","agreement"],"properties":{"name":{"enum":["export","distill","graph","prune","quantize"]},"tool":{"type":"string"},"sizeBytes":{"type":"object","required":["before","after"],"properties":{"before":{"$ref":"#/definitions/SizeBytes"},"after":{"$ref":"#/definitions/SizeBytes"},"compressedBefore":{"$ref":"#/definitions/SizeBytes"},"compressedAfter":{"$ref":"#/definitions/SizeBytes"}}},"nodes":{"type":"object","required":["before","after"],"properties":{"before":{"type":"object","additionalProperties":{"type":"integer","minimum":0}},"after":{"type":"object","additionalProperties":{"type":"integer","minimum":0}}}},"latency":{"$ref":"#/definitions/StepLatency"},"agreement":{"$ref":"#/definitions/ModelAgreement"},"accuracy":{"$ref":"#/definitions/StepAccuracy"},"blocks":{"type":"array","items":{"type":"object","required":["node","kind","from","to"],"properties":{"node":{"type":"string"},"kind":{"enum":["linear","convolution","heads"]},"from":{"type":"integer"},"to":{"type":"integer"},"refitted":{"type":"boolean"}}}},"kept":{"type":"array","items":{"type":"object","required":["node","reason"],"properties":{"node":{"type":"string"},"operator":{"type":"string"},"reason":{"type":"string"}}}},"distillation":{"$ref":"#/definitions/StepDistillation"},"choices":{"type":"array","items":{"type":"object","required":["name","chosen"],"properties":{"name":{"type":"string"},"chosen":{"type":"boolean"},"sameAnswers":{"type":"number"},"accuracy":{"type":"number"},"speedup":{"type":"number"},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"message":{"type":"string"}}}},"remarks":{"type":"array","items":{"type":"string"}}}};
const schema70 = {"type":"object","required":["beforeMs","afterMs","speedup","spread","rows","threads"],"properties":{"beforeMs":{"type":"number"},"afterMs":{"type":"number"},"speedup":{"type":"number"},"spread":{"type":"number"},"rows":{"type":"integer"},"threads":{"type":"integer"}}};

function validate172(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.beforeMs === undefined) && (missing0 = "beforeMs")) || ((data.afterMs === undefined) && (missing0 = "afterMs"))) || ((data.speedup === undefined) && (missing0 = "speedup"))) || ((data.spread === undefined) && (missing0 = "spread"))) || ((data.rows === undefined) && (missing0 = "rows"))) || ((data.threads === undefined) && (missing0 = "threads"))){
validate172.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.beforeMs !== undefined){
let data0 = data.beforeMs;
const _errs1 = errors;
if(!((typeof data0 == "number") && (isFinite(data0)))){
validate172.errors = [{instancePath:instancePath+"/beforeMs",schemaPath:"#/properties/beforeMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.afterMs !== undefined){
let data1 = data.afterMs;
const _errs3 = errors;
if(!((typeof data1 == "number") && (isFinite(data1)))){
validate172.errors = [{instancePath:instancePath+"/afterMs",schemaPath:"#/properties/afterMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.speedup !== undefined){
let data2 = data.speedup;
const _errs5 = errors;
if(!((typeof data2 == "number") && (isFinite(data2)))){
validate172.errors = [{instancePath:instancePath+"/speedup",schemaPath:"#/properties/speedup/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.spread !== undefined){
let data3 = data.spread;
const _errs7 = errors;
if(!((typeof data3 == "number") && (isFinite(data3)))){
validate172.errors = [{instancePath:instancePath+"/spread",schemaPath:"#/properties/spread/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rows !== undefined){
let data4 = data.rows;
const _errs9 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate172.errors = [{instancePath:instancePath+"/rows",schemaPath:"#/properties/rows/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.threads !== undefined){
let data5 = data.threads;
const _errs11 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate172.errors = [{instancePath:instancePath+"/threads",schemaPath:"#/properties/threads/type",keyword:"type",params:{type: "integer"}}];
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
}
}
else {
validate172.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate172.errors = vErrors;
return errors === 0;
}

const schema71 = {"type":"object","required":["before","after","difference","interval","samples"],"properties":{"before":{"type":"number"},"after":{"type":"number"},"difference":{"type":"number"},"interval":{"$ref":"#/definitions/Interval"},"samples":{"type":"integer","minimum":1}}};

function validate175(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.before === undefined) && (missing0 = "before")) || ((data.after === undefined) && (missing0 = "after"))) || ((data.difference === undefined) && (missing0 = "difference"))) || ((data.interval === undefined) && (missing0 = "interval"))) || ((data.samples === undefined) && (missing0 = "samples"))){
validate175.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.before !== undefined){
let data0 = data.before;
const _errs1 = errors;
if(!((typeof data0 == "number") && (isFinite(data0)))){
validate175.errors = [{instancePath:instancePath+"/before",schemaPath:"#/properties/before/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.after !== undefined){
let data1 = data.after;
const _errs3 = errors;
if(!((typeof data1 == "number") && (isFinite(data1)))){
validate175.errors = [{instancePath:instancePath+"/after",schemaPath:"#/properties/after/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.difference !== undefined){
let data2 = data.difference;
const _errs5 = errors;
if(!((typeof data2 == "number") && (isFinite(data2)))){
validate175.errors = [{instancePath:instancePath+"/difference",schemaPath:"#/properties/difference/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.interval !== undefined){
const _errs7 = errors;
if(!(validate75(data.interval, {instancePath:instancePath+"/interval",parentData:data,parentDataProperty:"interval",rootData}))){
vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors);
errors = vErrors.length;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data4 = data.samples;
const _errs8 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate175.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs8){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 1 || isNaN(data4)){
validate175.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs8 === errors;
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
validate175.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate175.errors = vErrors;
return errors === 0;
}

const schema72 = {"type":"object","required":["layers","samples","epochs","seconds","stopped","device","sameAnswers"],"properties":{"layers":{"type":"object","required":["before","after"],"properties":{"before":{"type":"integer","minimum":0},"after":{"type":"integer","minimum":0}}},"samples":{"type":"object","required":["learned","heldOut"],"properties":{"learned":{"type":"integer","minimum":1},"heldOut":{"type":"integer","minimum":1}}},"epochs":{"type":"integer","minimum":1},"seconds":{"type":"number","minimum":0},"stopped":{"enum":["epochs","heldOut","time"]},"device":{"enum":["cpu","cuda"]},"sameAnswers":{"type":"object","required":["before","after"],"properties":{"before":{"type":"number","minimum":0,"maximum":1},"after":{"type":"number","minimum":0,"maximum":1}}}}};

function validate178(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((data.layers === undefined) && (missing0 = "layers")) || ((data.samples === undefined) && (missing0 = "samples"))) || ((data.epochs === undefined) && (missing0 = "epochs"))) || ((data.seconds === undefined) && (missing0 = "seconds"))) || ((data.stopped === undefined) && (missing0 = "stopped"))) || ((data.device === undefined) && (missing0 = "device"))) || ((data.sameAnswers === undefined) && (missing0 = "sameAnswers"))){
validate178.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.layers !== undefined){
let data0 = data.layers;
const _errs1 = errors;
if(errors === _errs1){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if(((data0.before === undefined) && (missing1 = "before")) || ((data0.after === undefined) && (missing1 = "after"))){
validate178.errors = [{instancePath:instancePath+"/layers",schemaPath:"#/properties/layers/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data0.before !== undefined){
let data1 = data0.before;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate178.errors = [{instancePath:instancePath+"/layers/before",schemaPath:"#/properties/layers/properties/before/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate178.errors = [{instancePath:instancePath+"/layers/before",schemaPath:"#/properties/layers/properties/before/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid1 = _errs3 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data0.after !== undefined){
let data2 = data0.after;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate178.errors = [{instancePath:instancePath+"/layers/after",schemaPath:"#/properties/layers/properties/after/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate178.errors = [{instancePath:instancePath+"/layers/after",schemaPath:"#/properties/layers/properties/after/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid1 = _errs5 === errors;
}
else {
var valid1 = true;
}
}
}
}
else {
validate178.errors = [{instancePath:instancePath+"/layers",schemaPath:"#/properties/layers/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data3 = data.samples;
const _errs7 = errors;
if(errors === _errs7){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing2;
if(((data3.learned === undefined) && (missing2 = "learned")) || ((data3.heldOut === undefined) && (missing2 = "heldOut"))){
validate178.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data3.learned !== undefined){
let data4 = data3.learned;
const _errs9 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate178.errors = [{instancePath:instancePath+"/samples/learned",schemaPath:"#/properties/samples/properties/learned/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs9){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 1 || isNaN(data4)){
validate178.errors = [{instancePath:instancePath+"/samples/learned",schemaPath:"#/properties/samples/properties/learned/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
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
if(data3.heldOut !== undefined){
let data5 = data3.heldOut;
const _errs11 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate178.errors = [{instancePath:instancePath+"/samples/heldOut",schemaPath:"#/properties/samples/properties/heldOut/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs11){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 1 || isNaN(data5)){
validate178.errors = [{instancePath:instancePath+"/samples/heldOut",schemaPath:"#/properties/samples/properties/heldOut/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
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
else {
validate178.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.epochs !== undefined){
let data6 = data.epochs;
const _errs13 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
validate178.errors = [{instancePath:instancePath+"/epochs",schemaPath:"#/properties/epochs/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs13){
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 1 || isNaN(data6)){
validate178.errors = [{instancePath:instancePath+"/epochs",schemaPath:"#/properties/epochs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seconds !== undefined){
let data7 = data.seconds;
const _errs15 = errors;
if(errors === _errs15){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
validate178.errors = [{instancePath:instancePath+"/seconds",schemaPath:"#/properties/seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate178.errors = [{instancePath:instancePath+"/seconds",schemaPath:"#/properties/seconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.stopped !== undefined){
let data8 = data.stopped;
const _errs17 = errors;
if(!(((data8 === "epochs") || (data8 === "heldOut")) || (data8 === "time"))){
validate178.errors = [{instancePath:instancePath+"/stopped",schemaPath:"#/properties/stopped/enum",keyword:"enum",params:{allowedValues: schema72.properties.stopped.enum}}];
return false;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.device !== undefined){
let data9 = data.device;
const _errs18 = errors;
if(!((data9 === "cpu") || (data9 === "cuda"))){
validate178.errors = [{instancePath:instancePath+"/device",schemaPath:"#/properties/device/enum",keyword:"enum",params:{allowedValues: schema72.properties.device.enum}}];
return false;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sameAnswers !== undefined){
let data10 = data.sameAnswers;
const _errs19 = errors;
if(errors === _errs19){
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
let missing3;
if(((data10.before === undefined) && (missing3 = "before")) || ((data10.after === undefined) && (missing3 = "after"))){
validate178.errors = [{instancePath:instancePath+"/sameAnswers",schemaPath:"#/properties/sameAnswers/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data10.before !== undefined){
let data11 = data10.before;
const _errs21 = errors;
if(errors === _errs21){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 > 1 || isNaN(data11)){
validate178.errors = [{instancePath:instancePath+"/sameAnswers/before",schemaPath:"#/properties/sameAnswers/properties/before/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data11 < 0 || isNaN(data11)){
validate178.errors = [{instancePath:instancePath+"/sameAnswers/before",schemaPath:"#/properties/sameAnswers/properties/before/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
else {
validate178.errors = [{instancePath:instancePath+"/sameAnswers/before",schemaPath:"#/properties/sameAnswers/properties/before/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid3 = _errs21 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data10.after !== undefined){
let data12 = data10.after;
const _errs23 = errors;
if(errors === _errs23){
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 > 1 || isNaN(data12)){
validate178.errors = [{instancePath:instancePath+"/sameAnswers/after",schemaPath:"#/properties/sameAnswers/properties/after/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data12 < 0 || isNaN(data12)){
validate178.errors = [{instancePath:instancePath+"/sameAnswers/after",schemaPath:"#/properties/sameAnswers/properties/after/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
else {
validate178.errors = [{instancePath:instancePath+"/sameAnswers/after",schemaPath:"#/properties/sameAnswers/properties/after/type",keyword:"type",params:{type: "number"}}];
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
else {
validate178.errors = [{instancePath:instancePath+"/sameAnswers",schemaPath:"#/properties/sameAnswers/type",keyword:"type",params:{type: "object"}}];
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
else {
validate178.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate178.errors = vErrors;
return errors === 0;
}


function validate167(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.name === undefined) && (missing0 = "name")) || ((data.tool === undefined) && (missing0 = "tool"))) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.nodes === undefined) && (missing0 = "nodes"))) || ((data.agreement === undefined) && (missing0 = "agreement"))){
validate167.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
let data0 = data.name;
const _errs1 = errors;
if(!(((((data0 === "export") || (data0 === "distill")) || (data0 === "graph")) || (data0 === "prune")) || (data0 === "quantize"))){
validate167.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/enum",keyword:"enum",params:{allowedValues: schema69.properties.name.enum}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tool !== undefined){
const _errs2 = errors;
if(typeof data.tool !== "string"){
validate167.errors = [{instancePath:instancePath+"/tool",schemaPath:"#/properties/tool/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
let data2 = data.sizeBytes;
const _errs4 = errors;
if(errors === _errs4){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if(((data2.before === undefined) && (missing1 = "before")) || ((data2.after === undefined) && (missing1 = "after"))){
validate167.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data2.before !== undefined){
const _errs6 = errors;
if(!(validate30(data2.before, {instancePath:instancePath+"/sizeBytes/before",parentData:data2,parentDataProperty:"before",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.after !== undefined){
const _errs7 = errors;
if(!(validate30(data2.after, {instancePath:instancePath+"/sizeBytes/after",parentData:data2,parentDataProperty:"after",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.compressedBefore !== undefined){
const _errs8 = errors;
if(!(validate30(data2.compressedBefore, {instancePath:instancePath+"/sizeBytes/compressedBefore",parentData:data2,parentDataProperty:"compressedBefore",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data2.compressedAfter !== undefined){
const _errs9 = errors;
if(!(validate30(data2.compressedAfter, {instancePath:instancePath+"/sizeBytes/compressedAfter",parentData:data2,parentDataProperty:"compressedAfter",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
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
}
else {
validate167.errors = [{instancePath:instancePath+"/sizeBytes",schemaPath:"#/properties/sizeBytes/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.nodes !== undefined){
let data7 = data.nodes;
const _errs10 = errors;
if(errors === _errs10){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing2;
if(((data7.before === undefined) && (missing2 = "before")) || ((data7.after === undefined) && (missing2 = "after"))){
validate167.errors = [{instancePath:instancePath+"/nodes",schemaPath:"#/properties/nodes/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data7.before !== undefined){
let data8 = data7.before;
const _errs12 = errors;
if(errors === _errs12){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key0 in data8){
let data9 = data8[key0];
const _errs15 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate167.errors = [{instancePath:instancePath+"/nodes/before/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodes/properties/before/additionalProperties/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs15){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate167.errors = [{instancePath:instancePath+"/nodes/before/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodes/properties/before/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid3 = _errs15 === errors;
if(!valid3){
break;
}
}
}
else {
validate167.errors = [{instancePath:instancePath+"/nodes/before",schemaPath:"#/properties/nodes/properties/before/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data7.after !== undefined){
let data10 = data7.after;
const _errs17 = errors;
if(errors === _errs17){
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key1 in data10){
let data11 = data10[key1];
const _errs20 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate167.errors = [{instancePath:instancePath+"/nodes/after/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodes/properties/after/additionalProperties/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs20){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 0 || isNaN(data11)){
validate167.errors = [{instancePath:instancePath+"/nodes/after/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodes/properties/after/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs20 === errors;
if(!valid4){
break;
}
}
}
else {
validate167.errors = [{instancePath:instancePath+"/nodes/after",schemaPath:"#/properties/nodes/properties/after/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid2 = _errs17 === errors;
}
else {
var valid2 = true;
}
}
}
}
else {
validate167.errors = [{instancePath:instancePath+"/nodes",schemaPath:"#/properties/nodes/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.latency !== undefined){
const _errs22 = errors;
if(!(validate172(data.latency, {instancePath:instancePath+"/latency",parentData:data,parentDataProperty:"latency",rootData}))){
vErrors = vErrors === null ? validate172.errors : vErrors.concat(validate172.errors);
errors = vErrors.length;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.agreement !== undefined){
const _errs23 = errors;
if(!(validate42(data.agreement, {instancePath:instancePath+"/agreement",parentData:data,parentDataProperty:"agreement",rootData}))){
vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
errors = vErrors.length;
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.accuracy !== undefined){
const _errs24 = errors;
if(!(validate175(data.accuracy, {instancePath:instancePath+"/accuracy",parentData:data,parentDataProperty:"accuracy",rootData}))){
vErrors = vErrors === null ? validate175.errors : vErrors.concat(validate175.errors);
errors = vErrors.length;
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.blocks !== undefined){
let data15 = data.blocks;
const _errs25 = errors;
if(errors === _errs25){
if(Array.isArray(data15)){
var valid5 = true;
const len0 = data15.length;
for(let i0=0; i0<len0; i0++){
let data16 = data15[i0];
const _errs27 = errors;
if(errors === _errs27){
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
let missing3;
if(((((data16.node === undefined) && (missing3 = "node")) || ((data16.kind === undefined) && (missing3 = "kind"))) || ((data16.from === undefined) && (missing3 = "from"))) || ((data16.to === undefined) && (missing3 = "to"))){
validate167.errors = [{instancePath:instancePath+"/blocks/" + i0,schemaPath:"#/properties/blocks/items/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data16.node !== undefined){
const _errs29 = errors;
if(typeof data16.node !== "string"){
validate167.errors = [{instancePath:instancePath+"/blocks/" + i0+"/node",schemaPath:"#/properties/blocks/items/properties/node/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs29 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data16.kind !== undefined){
let data18 = data16.kind;
const _errs31 = errors;
if(!(((data18 === "linear") || (data18 === "convolution")) || (data18 === "heads"))){
validate167.errors = [{instancePath:instancePath+"/blocks/" + i0+"/kind",schemaPath:"#/properties/blocks/items/properties/kind/enum",keyword:"enum",params:{allowedValues: schema69.properties.blocks.items.properties.kind.enum}}];
return false;
}
var valid6 = _errs31 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data16.from !== undefined){
let data19 = data16.from;
const _errs32 = errors;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
validate167.errors = [{instancePath:instancePath+"/blocks/" + i0+"/from",schemaPath:"#/properties/blocks/items/properties/from/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid6 = _errs32 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data16.to !== undefined){
let data20 = data16.to;
const _errs34 = errors;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
validate167.errors = [{instancePath:instancePath+"/blocks/" + i0+"/to",schemaPath:"#/properties/blocks/items/properties/to/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid6 = _errs34 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data16.refitted !== undefined){
const _errs36 = errors;
if(typeof data16.refitted !== "boolean"){
validate167.errors = [{instancePath:instancePath+"/blocks/" + i0+"/refitted",schemaPath:"#/properties/blocks/items/properties/refitted/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid6 = _errs36 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
}
}
else {
validate167.errors = [{instancePath:instancePath+"/blocks/" + i0,schemaPath:"#/properties/blocks/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid5 = _errs27 === errors;
if(!valid5){
break;
}
}
}
else {
validate167.errors = [{instancePath:instancePath+"/blocks",schemaPath:"#/properties/blocks/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kept !== undefined){
let data22 = data.kept;
const _errs38 = errors;
if(errors === _errs38){
if(Array.isArray(data22)){
var valid7 = true;
const len1 = data22.length;
for(let i1=0; i1<len1; i1++){
let data23 = data22[i1];
const _errs40 = errors;
if(errors === _errs40){
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
let missing4;
if(((data23.node === undefined) && (missing4 = "node")) || ((data23.reason === undefined) && (missing4 = "reason"))){
validate167.errors = [{instancePath:instancePath+"/kept/" + i1,schemaPath:"#/properties/kept/items/required",keyword:"required",params:{missingProperty: missing4}}];
return false;
}
else {
if(data23.node !== undefined){
const _errs42 = errors;
if(typeof data23.node !== "string"){
validate167.errors = [{instancePath:instancePath+"/kept/" + i1+"/node",schemaPath:"#/properties/kept/items/properties/node/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid8 = _errs42 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data23.operator !== undefined){
const _errs44 = errors;
if(typeof data23.operator !== "string"){
validate167.errors = [{instancePath:instancePath+"/kept/" + i1+"/operator",schemaPath:"#/properties/kept/items/properties/operator/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid8 = _errs44 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data23.reason !== undefined){
const _errs46 = errors;
if(typeof data23.reason !== "string"){
validate167.errors = [{instancePath:instancePath+"/kept/" + i1+"/reason",schemaPath:"#/properties/kept/items/properties/reason/type",keyword:"type",params:{type: "string"}}];
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
validate167.errors = [{instancePath:instancePath+"/kept/" + i1,schemaPath:"#/properties/kept/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid7 = _errs40 === errors;
if(!valid7){
break;
}
}
}
else {
validate167.errors = [{instancePath:instancePath+"/kept",schemaPath:"#/properties/kept/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs38 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.distillation !== undefined){
const _errs48 = errors;
if(!(validate178(data.distillation, {instancePath:instancePath+"/distillation",parentData:data,parentDataProperty:"distillation",rootData}))){
vErrors = vErrors === null ? validate178.errors : vErrors.concat(validate178.errors);
errors = vErrors.length;
}
var valid0 = _errs48 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.choices !== undefined){
let data28 = data.choices;
const _errs49 = errors;
if(errors === _errs49){
if(Array.isArray(data28)){
var valid9 = true;
const len2 = data28.length;
for(let i2=0; i2<len2; i2++){
let data29 = data28[i2];
const _errs51 = errors;
if(errors === _errs51){
if(data29 && typeof data29 == "object" && !Array.isArray(data29)){
let missing5;
if(((data29.name === undefined) && (missing5 = "name")) || ((data29.chosen === undefined) && (missing5 = "chosen"))){
validate167.errors = [{instancePath:instancePath+"/choices/" + i2,schemaPath:"#/properties/choices/items/required",keyword:"required",params:{missingProperty: missing5}}];
return false;
}
else {
if(data29.name !== undefined){
const _errs53 = errors;
if(typeof data29.name !== "string"){
validate167.errors = [{instancePath:instancePath+"/choices/" + i2+"/name",schemaPath:"#/properties/choices/items/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid10 = _errs53 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data29.chosen !== undefined){
const _errs55 = errors;
if(typeof data29.chosen !== "boolean"){
validate167.errors = [{instancePath:instancePath+"/choices/" + i2+"/chosen",schemaPath:"#/properties/choices/items/properties/chosen/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid10 = _errs55 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data29.sameAnswers !== undefined){
let data32 = data29.sameAnswers;
const _errs57 = errors;
if(!((typeof data32 == "number") && (isFinite(data32)))){
validate167.errors = [{instancePath:instancePath+"/choices/" + i2+"/sameAnswers",schemaPath:"#/properties/choices/items/properties/sameAnswers/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid10 = _errs57 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data29.accuracy !== undefined){
let data33 = data29.accuracy;
const _errs59 = errors;
if(!((typeof data33 == "number") && (isFinite(data33)))){
validate167.errors = [{instancePath:instancePath+"/choices/" + i2+"/accuracy",schemaPath:"#/properties/choices/items/properties/accuracy/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid10 = _errs59 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data29.speedup !== undefined){
let data34 = data29.speedup;
const _errs61 = errors;
if(!((typeof data34 == "number") && (isFinite(data34)))){
validate167.errors = [{instancePath:instancePath+"/choices/" + i2+"/speedup",schemaPath:"#/properties/choices/items/properties/speedup/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid10 = _errs61 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data29.sizeBytes !== undefined){
const _errs63 = errors;
if(!(validate30(data29.sizeBytes, {instancePath:instancePath+"/choices/" + i2+"/sizeBytes",parentData:data29,parentDataProperty:"sizeBytes",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid10 = _errs63 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data29.message !== undefined){
const _errs64 = errors;
if(typeof data29.message !== "string"){
validate167.errors = [{instancePath:instancePath+"/choices/" + i2+"/message",schemaPath:"#/properties/choices/items/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid10 = _errs64 === errors;
}
else {
var valid10 = true;
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
validate167.errors = [{instancePath:instancePath+"/choices/" + i2,schemaPath:"#/properties/choices/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid9 = _errs51 === errors;
if(!valid9){
break;
}
}
}
else {
validate167.errors = [{instancePath:instancePath+"/choices",schemaPath:"#/properties/choices/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs49 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.remarks !== undefined){
let data37 = data.remarks;
const _errs66 = errors;
if(errors === _errs66){
if(Array.isArray(data37)){
var valid11 = true;
const len3 = data37.length;
for(let i3=0; i3<len3; i3++){
const _errs68 = errors;
if(typeof data37[i3] !== "string"){
validate167.errors = [{instancePath:instancePath+"/remarks/" + i3,schemaPath:"#/properties/remarks/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid11 = _errs68 === errors;
if(!valid11){
break;
}
}
}
else {
validate167.errors = [{instancePath:instancePath+"/remarks",schemaPath:"#/properties/remarks/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs66 === errors;
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
else {
validate167.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate167.errors = vErrors;
return errors === 0;
}


function validate165(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.recipe === undefined) && (missing0 = "recipe"))) || ((data.model === undefined) && (missing0 = "model"))) || ((data.steps === undefined) && (missing0 = "steps"))) || ((data.total === undefined) && (missing0 = "total"))) || ((data.versions === undefined) && (missing0 = "versions"))){
validate165.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("optimized" !== data.outcome){
validate165.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "optimized"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.recipe !== undefined){
const _errs2 = errors;
if(!(validate38(data.recipe, {instancePath:instancePath+"/recipe",parentData:data,parentDataProperty:"recipe",rootData}))){
vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.model !== undefined){
const _errs3 = errors;
if(typeof data.model !== "string"){
validate165.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.steps !== undefined){
let data3 = data.steps;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data3)){
var valid1 = true;
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
const _errs7 = errors;
if(!(validate167(data3[i0], {instancePath:instancePath+"/steps/" + i0,parentData:data3,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate167.errors : vErrors.concat(validate167.errors);
errors = vErrors.length;
}
var valid1 = _errs7 === errors;
if(!valid1){
break;
}
}
}
else {
validate165.errors = [{instancePath:instancePath+"/steps",schemaPath:"#/properties/steps/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.total !== undefined){
let data5 = data.total;
const _errs8 = errors;
if(errors === _errs8){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing1;
if(((data5.sizeBytes === undefined) && (missing1 = "sizeBytes")) || ((data5.agreement === undefined) && (missing1 = "agreement"))){
validate165.errors = [{instancePath:instancePath+"/total",schemaPath:"#/properties/total/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data5.sizeBytes !== undefined){
let data6 = data5.sizeBytes;
const _errs10 = errors;
if(errors === _errs10){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing2;
if(((data6.before === undefined) && (missing2 = "before")) || ((data6.after === undefined) && (missing2 = "after"))){
validate165.errors = [{instancePath:instancePath+"/total/sizeBytes",schemaPath:"#/properties/total/properties/sizeBytes/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
if(data6.before !== undefined){
const _errs12 = errors;
if(!(validate30(data6.before, {instancePath:instancePath+"/total/sizeBytes/before",parentData:data6,parentDataProperty:"before",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid3 = _errs12 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.after !== undefined){
const _errs13 = errors;
if(!(validate30(data6.after, {instancePath:instancePath+"/total/sizeBytes/after",parentData:data6,parentDataProperty:"after",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid3 = _errs13 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.compressedBefore !== undefined){
const _errs14 = errors;
if(!(validate30(data6.compressedBefore, {instancePath:instancePath+"/total/sizeBytes/compressedBefore",parentData:data6,parentDataProperty:"compressedBefore",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid3 = _errs14 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data6.compressedAfter !== undefined){
const _errs15 = errors;
if(!(validate30(data6.compressedAfter, {instancePath:instancePath+"/total/sizeBytes/compressedAfter",parentData:data6,parentDataProperty:"compressedAfter",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid3 = _errs15 === errors;
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
validate165.errors = [{instancePath:instancePath+"/total/sizeBytes",schemaPath:"#/properties/total/properties/sizeBytes/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.latency !== undefined){
const _errs16 = errors;
if(!(validate172(data5.latency, {instancePath:instancePath+"/total/latency",parentData:data5,parentDataProperty:"latency",rootData}))){
vErrors = vErrors === null ? validate172.errors : vErrors.concat(validate172.errors);
errors = vErrors.length;
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.agreement !== undefined){
const _errs17 = errors;
if(!(validate42(data5.agreement, {instancePath:instancePath+"/total/agreement",parentData:data5,parentDataProperty:"agreement",rootData}))){
vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
errors = vErrors.length;
}
var valid2 = _errs17 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.accuracy !== undefined){
const _errs18 = errors;
if(!(validate175(data5.accuracy, {instancePath:instancePath+"/total/accuracy",parentData:data5,parentDataProperty:"accuracy",rootData}))){
vErrors = vErrors === null ? validate175.errors : vErrors.concat(validate175.errors);
errors = vErrors.length;
}
var valid2 = _errs18 === errors;
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
validate165.errors = [{instancePath:instancePath+"/total",schemaPath:"#/properties/total/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.verdict !== undefined){
let data14 = data.verdict;
const _errs19 = errors;
if(errors === _errs19){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
let missing3;
if((((data14.basis === undefined) && (missing3 = "basis")) || ((data14.passed === undefined) && (missing3 = "passed"))) || ((data14.sentence === undefined) && (missing3 = "sentence"))){
validate165.errors = [{instancePath:instancePath+"/verdict",schemaPath:"#/properties/verdict/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data14.basis !== undefined){
let data15 = data14.basis;
const _errs21 = errors;
if(!(((data15 === "labels") || (data15 === "samples")) || (data15 === "generated"))){
validate165.errors = [{instancePath:instancePath+"/verdict/basis",schemaPath:"#/properties/verdict/properties/basis/enum",keyword:"enum",params:{allowedValues: schema68.properties.verdict.properties.basis.enum}}];
return false;
}
var valid4 = _errs21 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data14.passed !== undefined){
const _errs22 = errors;
if(typeof data14.passed !== "boolean"){
validate165.errors = [{instancePath:instancePath+"/verdict/passed",schemaPath:"#/properties/verdict/properties/passed/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid4 = _errs22 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data14.sentence !== undefined){
const _errs24 = errors;
if(typeof data14.sentence !== "string"){
validate165.errors = [{instancePath:instancePath+"/verdict/sentence",schemaPath:"#/properties/verdict/properties/sentence/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid4 = _errs24 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate165.errors = [{instancePath:instancePath+"/verdict",schemaPath:"#/properties/verdict/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.served !== undefined){
const _errs26 = errors;
if(typeof data.served !== "string"){
validate165.errors = [{instancePath:instancePath+"/served",schemaPath:"#/properties/served/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.versions !== undefined){
let data19 = data.versions;
const _errs28 = errors;
if(errors === _errs28){
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
for(const key0 in data19){
const _errs31 = errors;
if(typeof data19[key0] !== "string"){
validate165.errors = [{instancePath:instancePath+"/versions/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/versions/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid5 = _errs31 === errors;
if(!valid5){
break;
}
}
}
else {
validate165.errors = [{instancePath:instancePath+"/versions",schemaPath:"#/properties/versions/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs28 === errors;
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
validate165.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate165.errors = vErrors;
return errors === 0;
}

const schema73 = {"type":"object","required":["outcome","reason","message"],"properties":{"outcome":{"const":"failed"},"reason":{"$ref":"#/definitions/OptimizationFailure"},"message":{"type":"string"}}};
const schema74 = {"enum":["OptimizationUnsupported","NothingToOptimize","CalibrationInvalid","OptimizationOutOfMemory","AgreementTooLow","AccuracyDropped","NotComparable","VolumeFull","OptimizationFailed"]};

function validate191(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((((((((data === "OptimizationUnsupported") || (data === "NothingToOptimize")) || (data === "CalibrationInvalid")) || (data === "OptimizationOutOfMemory")) || (data === "AgreementTooLow")) || (data === "AccuracyDropped")) || (data === "NotComparable")) || (data === "VolumeFull")) || (data === "OptimizationFailed"))){
validate191.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema74.enum}}];
return false;
}
validate191.errors = vErrors;
return errors === 0;
}


function validate190(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))){
validate190.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("failed" !== data.outcome){
validate190.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "failed"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs2 = errors;
if(!(validate191(data.reason, {instancePath:instancePath+"/reason",parentData:data,parentDataProperty:"reason",rootData}))){
vErrors = vErrors === null ? validate191.errors : vErrors.concat(validate191.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs3 = errors;
if(typeof data.message !== "string"){
validate190.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
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
validate190.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate190.errors = vErrors;
return errors === 0;
}


function validate164(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate165(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate165.errors : vErrors.concat(validate165.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate190(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate190.errors : vErrors.concat(validate190.errors);
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
validate164.errors = vErrors;
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
validate164.errors = vErrors;
return errors === 0;
}

export const isExportReport = validate194;
const schema75 = {"type":"object","required":["outcome","source","model","sizeBytes","opset","inputs","outputs","parity","remarks","versions"],"properties":{"outcome":{"const":"exported"},"source":{"type":"object","required":["file","sha256","library","version"],"properties":{"file":{"type":"string"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"library":{"type":"string"},"version":{"type":"string"}}},"model":{"type":"string"},"sizeBytes":{"$ref":"#/definitions/SizeBytes"},"opset":{"type":"object","additionalProperties":{"type":"integer","minimum":1}},"inputs":{"type":"array","items":{"$ref":"#/definitions/ExportedValue"}},"outputs":{"type":"array","items":{"$ref":"#/definitions/ExportedValue"}},"parity":{"type":"array","items":{"$ref":"#/definitions/ExportParity"}},"remarks":{"type":"array","items":{"type":"string"}},"versions":{"type":"object","additionalProperties":{"type":"string"}}}};
const schema76 = {"type":"object","required":["name","type","shape"],"properties":{"name":{"type":"string"},"type":{"type":"string"},"shape":{"type":"array","items":{"anyOf":[{"type":"integer","minimum":1},{"type":"string"}]}}}};

function validate196(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.name === undefined) && (missing0 = "name")) || ((data.type === undefined) && (missing0 = "type"))) || ((data.shape === undefined) && (missing0 = "shape"))){
validate196.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.name !== undefined){
const _errs1 = errors;
if(typeof data.name !== "string"){
validate196.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.type !== undefined){
const _errs3 = errors;
if(typeof data.type !== "string"){
validate196.errors = [{instancePath:instancePath+"/type",schemaPath:"#/properties/type/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.shape !== undefined){
let data2 = data.shape;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs7 = errors;
const _errs8 = errors;
let valid2 = false;
const _errs9 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err0 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf/0/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(errors === _errs9){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 1 || isNaN(data3)){
const err1 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
var _valid0 = _errs9 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const _errs11 = errors;
if(typeof data3 !== "string"){
const err2 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf/1/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs11 === errors;
valid2 = valid2 || _valid0;
}
if(!valid2){
const err3 = {instancePath:instancePath+"/shape/" + i0,schemaPath:"#/properties/shape/items/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
validate196.errors = vErrors;
return false;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
var valid1 = _errs7 === errors;
if(!valid1){
break;
}
}
}
else {
validate196.errors = [{instancePath:instancePath+"/shape",schemaPath:"#/properties/shape/type",keyword:"type",params:{type: "array"}}];
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
validate196.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate196.errors = vErrors;
return errors === 0;
}

const schema77 = {"type":"object","required":["inputs","samples","different","largestDifference","meanDifference"],"properties":{"inputs":{"enum":["generated","thresholds","missing","dataset"]},"samples":{"type":"integer","minimum":1},"different":{"type":"integer","minimum":0},"largestDifference":{"type":"number","minimum":0},"meanDifference":{"type":"number","minimum":0}}};

function validate199(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.inputs === undefined) && (missing0 = "inputs")) || ((data.samples === undefined) && (missing0 = "samples"))) || ((data.different === undefined) && (missing0 = "different"))) || ((data.largestDifference === undefined) && (missing0 = "largestDifference"))) || ((data.meanDifference === undefined) && (missing0 = "meanDifference"))){
validate199.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.inputs !== undefined){
let data0 = data.inputs;
const _errs1 = errors;
if(!((((data0 === "generated") || (data0 === "thresholds")) || (data0 === "missing")) || (data0 === "dataset"))){
validate199.errors = [{instancePath:instancePath+"/inputs",schemaPath:"#/properties/inputs/enum",keyword:"enum",params:{allowedValues: schema77.properties.inputs.enum}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.samples !== undefined){
let data1 = data.samples;
const _errs2 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate199.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs2){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 1 || isNaN(data1)){
validate199.errors = [{instancePath:instancePath+"/samples",schemaPath:"#/properties/samples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.different !== undefined){
let data2 = data.different;
const _errs4 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate199.errors = [{instancePath:instancePath+"/different",schemaPath:"#/properties/different/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs4){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate199.errors = [{instancePath:instancePath+"/different",schemaPath:"#/properties/different/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.largestDifference !== undefined){
let data3 = data.largestDifference;
const _errs6 = errors;
if(errors === _errs6){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate199.errors = [{instancePath:instancePath+"/largestDifference",schemaPath:"#/properties/largestDifference/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate199.errors = [{instancePath:instancePath+"/largestDifference",schemaPath:"#/properties/largestDifference/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.meanDifference !== undefined){
let data4 = data.meanDifference;
const _errs8 = errors;
if(errors === _errs8){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 0 || isNaN(data4)){
validate199.errors = [{instancePath:instancePath+"/meanDifference",schemaPath:"#/properties/meanDifference/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate199.errors = [{instancePath:instancePath+"/meanDifference",schemaPath:"#/properties/meanDifference/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs8 === errors;
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
validate199.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate199.errors = vErrors;
return errors === 0;
}


function validate194(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.source === undefined) && (missing0 = "source"))) || ((data.model === undefined) && (missing0 = "model"))) || ((data.sizeBytes === undefined) && (missing0 = "sizeBytes"))) || ((data.opset === undefined) && (missing0 = "opset"))) || ((data.inputs === undefined) && (missing0 = "inputs"))) || ((data.outputs === undefined) && (missing0 = "outputs"))) || ((data.parity === undefined) && (missing0 = "parity"))) || ((data.remarks === undefined) && (missing0 = "remarks"))) || ((data.versions === undefined) && (missing0 = "versions"))){
validate194.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("exported" !== data.outcome){
validate194.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "exported"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.source !== undefined){
let data1 = data.source;
const _errs2 = errors;
if(errors === _errs2){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((((data1.file === undefined) && (missing1 = "file")) || ((data1.sha256 === undefined) && (missing1 = "sha256"))) || ((data1.library === undefined) && (missing1 = "library"))) || ((data1.version === undefined) && (missing1 = "version"))){
validate194.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.file !== undefined){
const _errs4 = errors;
if(typeof data1.file !== "string"){
validate194.errors = [{instancePath:instancePath+"/source/file",schemaPath:"#/properties/source/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs4 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.sha256 !== undefined){
let data3 = data1.sha256;
const _errs6 = errors;
if(errors === _errs6){
if(typeof data3 === "string"){
if(!pattern14.test(data3)){
validate194.errors = [{instancePath:instancePath+"/source/sha256",schemaPath:"#/properties/source/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}}];
return false;
}
}
else {
validate194.errors = [{instancePath:instancePath+"/source/sha256",schemaPath:"#/properties/source/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid1 = _errs6 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.library !== undefined){
const _errs8 = errors;
if(typeof data1.library !== "string"){
validate194.errors = [{instancePath:instancePath+"/source/library",schemaPath:"#/properties/source/properties/library/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs8 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.version !== undefined){
const _errs10 = errors;
if(typeof data1.version !== "string"){
validate194.errors = [{instancePath:instancePath+"/source/version",schemaPath:"#/properties/source/properties/version/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs10 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate194.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.model !== undefined){
const _errs12 = errors;
if(typeof data.model !== "string"){
validate194.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sizeBytes !== undefined){
const _errs14 = errors;
if(!(validate30(data.sizeBytes, {instancePath:instancePath+"/sizeBytes",parentData:data,parentDataProperty:"sizeBytes",rootData}))){
vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
errors = vErrors.length;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.opset !== undefined){
let data8 = data.opset;
const _errs15 = errors;
if(errors === _errs15){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key0 in data8){
let data9 = data8[key0];
const _errs18 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate194.errors = [{instancePath:instancePath+"/opset/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/opset/additionalProperties/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs18){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 1 || isNaN(data9)){
validate194.errors = [{instancePath:instancePath+"/opset/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/opset/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate194.errors = [{instancePath:instancePath+"/opset",schemaPath:"#/properties/opset/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.inputs !== undefined){
let data10 = data.inputs;
const _errs20 = errors;
if(errors === _errs20){
if(Array.isArray(data10)){
var valid3 = true;
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
const _errs22 = errors;
if(!(validate196(data10[i0], {instancePath:instancePath+"/inputs/" + i0,parentData:data10,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate196.errors : vErrors.concat(validate196.errors);
errors = vErrors.length;
}
var valid3 = _errs22 === errors;
if(!valid3){
break;
}
}
}
else {
validate194.errors = [{instancePath:instancePath+"/inputs",schemaPath:"#/properties/inputs/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.outputs !== undefined){
let data12 = data.outputs;
const _errs23 = errors;
if(errors === _errs23){
if(Array.isArray(data12)){
var valid4 = true;
const len1 = data12.length;
for(let i1=0; i1<len1; i1++){
const _errs25 = errors;
if(!(validate196(data12[i1], {instancePath:instancePath+"/outputs/" + i1,parentData:data12,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate196.errors : vErrors.concat(validate196.errors);
errors = vErrors.length;
}
var valid4 = _errs25 === errors;
if(!valid4){
break;
}
}
}
else {
validate194.errors = [{instancePath:instancePath+"/outputs",schemaPath:"#/properties/outputs/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.parity !== undefined){
let data14 = data.parity;
const _errs26 = errors;
if(errors === _errs26){
if(Array.isArray(data14)){
var valid5 = true;
const len2 = data14.length;
for(let i2=0; i2<len2; i2++){
const _errs28 = errors;
if(!(validate199(data14[i2], {instancePath:instancePath+"/parity/" + i2,parentData:data14,parentDataProperty:i2,rootData}))){
vErrors = vErrors === null ? validate199.errors : vErrors.concat(validate199.errors);
errors = vErrors.length;
}
var valid5 = _errs28 === errors;
if(!valid5){
break;
}
}
}
else {
validate194.errors = [{instancePath:instancePath+"/parity",schemaPath:"#/properties/parity/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.remarks !== undefined){
let data16 = data.remarks;
const _errs29 = errors;
if(errors === _errs29){
if(Array.isArray(data16)){
var valid6 = true;
const len3 = data16.length;
for(let i3=0; i3<len3; i3++){
const _errs31 = errors;
if(typeof data16[i3] !== "string"){
validate194.errors = [{instancePath:instancePath+"/remarks/" + i3,schemaPath:"#/properties/remarks/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs31 === errors;
if(!valid6){
break;
}
}
}
else {
validate194.errors = [{instancePath:instancePath+"/remarks",schemaPath:"#/properties/remarks/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs29 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.versions !== undefined){
let data18 = data.versions;
const _errs33 = errors;
if(errors === _errs33){
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
for(const key1 in data18){
const _errs36 = errors;
if(typeof data18[key1] !== "string"){
validate194.errors = [{instancePath:instancePath+"/versions/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/versions/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid7 = _errs36 === errors;
if(!valid7){
break;
}
}
}
else {
validate194.errors = [{instancePath:instancePath+"/versions",schemaPath:"#/properties/versions/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs33 === errors;
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
else {
validate194.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate194.errors = vErrors;
return errors === 0;
}

export const isOptimizationFailedReport = validate201;

function validate201(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.outcome === undefined) && (missing0 = "outcome")) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.message === undefined) && (missing0 = "message"))){
validate201.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.outcome !== undefined){
const _errs1 = errors;
if("failed" !== data.outcome){
validate201.errors = [{instancePath:instancePath+"/outcome",schemaPath:"#/properties/outcome/const",keyword:"const",params:{allowedValue: "failed"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs2 = errors;
if(!(validate191(data.reason, {instancePath:instancePath+"/reason",parentData:data,parentDataProperty:"reason",rootData}))){
vErrors = vErrors === null ? validate191.errors : vErrors.concat(validate191.errors);
errors = vErrors.length;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs3 = errors;
if(typeof data.message !== "string"){
validate201.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
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
validate201.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate201.errors = vErrors;
return errors === 0;
}

export const isSamplesRequest = validate203;
const schema79 = {"type":"object","required":["folder","task"],"properties":{"folder":{"type":"string","minLength":1},"fetch":{"type":"object","required":["source"],"properties":{"source":{"type":"string"},"sourceName":{"type":"string"},"file":{"type":"string"},"sha256":{"type":"string"}}},"task":{"$ref":"#/definitions/Task"},"file":{"type":"string"},"labels":{"type":"array","items":{"type":"string"}},"dataset":{"allOf":[{"$ref":"#/definitions/EvaluationDataset"}]},"metric":{"$ref":"#/definitions/Metric"},"output":{"type":"string"},"trains":{"type":"boolean"}}};

function validate203(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.folder === undefined) && (missing0 = "folder")) || ((data.task === undefined) && (missing0 = "task"))){
validate203.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.folder !== undefined){
let data0 = data.folder;
const _errs1 = errors;
if(errors === _errs1){
if(typeof data0 === "string"){
if(data0.length < 1){
validate203.errors = [{instancePath:instancePath+"/folder",schemaPath:"#/properties/folder/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate203.errors = [{instancePath:instancePath+"/folder",schemaPath:"#/properties/folder/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.fetch !== undefined){
let data1 = data.fetch;
const _errs3 = errors;
if(errors === _errs3){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if((data1.source === undefined) && (missing1 = "source")){
validate203.errors = [{instancePath:instancePath+"/fetch",schemaPath:"#/properties/fetch/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data1.source !== undefined){
const _errs5 = errors;
if(typeof data1.source !== "string"){
validate203.errors = [{instancePath:instancePath+"/fetch/source",schemaPath:"#/properties/fetch/properties/source/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs5 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.sourceName !== undefined){
const _errs7 = errors;
if(typeof data1.sourceName !== "string"){
validate203.errors = [{instancePath:instancePath+"/fetch/sourceName",schemaPath:"#/properties/fetch/properties/sourceName/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.file !== undefined){
const _errs9 = errors;
if(typeof data1.file !== "string"){
validate203.errors = [{instancePath:instancePath+"/fetch/file",schemaPath:"#/properties/fetch/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs9 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data1.sha256 !== undefined){
const _errs11 = errors;
if(typeof data1.sha256 !== "string"){
validate203.errors = [{instancePath:instancePath+"/fetch/sha256",schemaPath:"#/properties/fetch/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs11 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
}
else {
validate203.errors = [{instancePath:instancePath+"/fetch",schemaPath:"#/properties/fetch/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.task !== undefined){
const _errs13 = errors;
if(!(validate28(data.task, {instancePath:instancePath+"/task",parentData:data,parentDataProperty:"task",rootData}))){
vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
errors = vErrors.length;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.file !== undefined){
const _errs14 = errors;
if(typeof data.file !== "string"){
validate203.errors = [{instancePath:instancePath+"/file",schemaPath:"#/properties/file/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.labels !== undefined){
let data8 = data.labels;
const _errs16 = errors;
if(errors === _errs16){
if(Array.isArray(data8)){
var valid2 = true;
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
const _errs18 = errors;
if(typeof data8[i0] !== "string"){
validate203.errors = [{instancePath:instancePath+"/labels/" + i0,schemaPath:"#/properties/labels/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs18 === errors;
if(!valid2){
break;
}
}
}
else {
validate203.errors = [{instancePath:instancePath+"/labels",schemaPath:"#/properties/labels/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dataset !== undefined){
const _errs20 = errors;
if(!(validate127(data.dataset, {instancePath:instancePath+"/dataset",parentData:data,parentDataProperty:"dataset",rootData}))){
vErrors = vErrors === null ? validate127.errors : vErrors.concat(validate127.errors);
errors = vErrors.length;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.metric !== undefined){
const _errs22 = errors;
if(!(validate92(data.metric, {instancePath:instancePath+"/metric",parentData:data,parentDataProperty:"metric",rootData}))){
vErrors = vErrors === null ? validate92.errors : vErrors.concat(validate92.errors);
errors = vErrors.length;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.output !== undefined){
const _errs23 = errors;
if(typeof data.output !== "string"){
validate203.errors = [{instancePath:instancePath+"/output",schemaPath:"#/properties/output/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.trains !== undefined){
const _errs25 = errors;
if(typeof data.trains !== "boolean"){
validate203.errors = [{instancePath:instancePath+"/trains",schemaPath:"#/properties/trains/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs25 === errors;
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
validate203.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate203.errors = vErrors;
return errors === 0;
}

export const isGatewayFile = validate207;
const schema80 = {"type":"object","required":["models"],"additionalProperties":false,"properties":{"models":{"type":"array","minItems":1,"maxItems":1000,"items":{"$ref":"#/definitions/GatewayModel"}},"rateLimit":{"$ref":"#/definitions/GatewayRateLimit"}}};
const schema81 = {"type":"object","required":["name","endpoints"],"additionalProperties":false,"properties":{"name":{"type":"string","pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"},"timeoutSeconds":{"type":"number","minimum":0.001,"maximum":86400},"canary":{"$ref":"#/definitions/GatewayCanary"},"endpoints":{"type":"array","minItems":1,"maxItems":1000,"items":{"$ref":"#/definitions/GatewayEndpoint"}}}};
const pattern28 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "u");
const schema82 = {"type":"object","required":["weight"],"additionalProperties":false,"properties":{"weight":{"type":"integer","minimum":0,"maximum":100},"step":{"type":"integer","minimum":0,"maximum":1000},"shadow":{"$ref":"#/definitions/GatewayShadow"},"limitMs":{"type":"number","minimum":0},"sticky":{"type":"object","required":["header"],"additionalProperties":false,"properties":{"header":{"type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$"}}},"slowMs":{"type":"object","required":["stable","canary"],"additionalProperties":false,"properties":{"stable":{"type":"number","minimum":0},"canary":{"type":"number","minimum":0}}}}};
const schema83 = {"type":"object","required":["percent"],"additionalProperties":false,"properties":{"percent":{"type":"integer","minimum":1,"maximum":100},"compare":{"enum":["top1","maxAbs","cosine","text"]},"maxDifference":{"type":"number","minimum":0},"minCosine":{"type":"number","minimum":-1,"maximum":1},"requestLogMode":{"enum":["off","metadata","hashed","encrypted","full"]}}};

function validate210(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.percent === undefined) && (missing0 = "percent")){
validate210.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((key0 === "percent") || (key0 === "compare")) || (key0 === "maxDifference")) || (key0 === "minCosine")) || (key0 === "requestLogMode"))){
validate210.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.percent !== undefined){
let data0 = data.percent;
const _errs2 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate210.errors = [{instancePath:instancePath+"/percent",schemaPath:"#/properties/percent/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs2){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 100 || isNaN(data0)){
validate210.errors = [{instancePath:instancePath+"/percent",schemaPath:"#/properties/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate210.errors = [{instancePath:instancePath+"/percent",schemaPath:"#/properties/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.compare !== undefined){
let data1 = data.compare;
const _errs4 = errors;
if(!((((data1 === "top1") || (data1 === "maxAbs")) || (data1 === "cosine")) || (data1 === "text"))){
validate210.errors = [{instancePath:instancePath+"/compare",schemaPath:"#/properties/compare/enum",keyword:"enum",params:{allowedValues: schema83.properties.compare.enum}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.maxDifference !== undefined){
let data2 = data.maxDifference;
const _errs5 = errors;
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate210.errors = [{instancePath:instancePath+"/maxDifference",schemaPath:"#/properties/maxDifference/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate210.errors = [{instancePath:instancePath+"/maxDifference",schemaPath:"#/properties/maxDifference/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.minCosine !== undefined){
let data3 = data.minCosine;
const _errs7 = errors;
if(errors === _errs7){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 1 || isNaN(data3)){
validate210.errors = [{instancePath:instancePath+"/minCosine",schemaPath:"#/properties/minCosine/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}}];
return false;
}
else {
if(data3 < -1 || isNaN(data3)){
validate210.errors = [{instancePath:instancePath+"/minCosine",schemaPath:"#/properties/minCosine/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1}}];
return false;
}
}
}
else {
validate210.errors = [{instancePath:instancePath+"/minCosine",schemaPath:"#/properties/minCosine/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requestLogMode !== undefined){
let data4 = data.requestLogMode;
const _errs9 = errors;
if(!(((((data4 === "off") || (data4 === "metadata")) || (data4 === "hashed")) || (data4 === "encrypted")) || (data4 === "full"))){
validate210.errors = [{instancePath:instancePath+"/requestLogMode",schemaPath:"#/properties/requestLogMode/enum",keyword:"enum",params:{allowedValues: schema83.properties.requestLogMode.enum}}];
return false;
}
var valid0 = _errs9 === errors;
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
else {
validate210.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate210.errors = vErrors;
return errors === 0;
}

const pattern29 = new RegExp("^[A-Za-z0-9][A-Za-z0-9-]{0,63}$", "u");

function validate209(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.weight === undefined) && (missing0 = "weight")){
validate209.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "weight") || (key0 === "step")) || (key0 === "shadow")) || (key0 === "limitMs")) || (key0 === "sticky")) || (key0 === "slowMs"))){
validate209.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.weight !== undefined){
let data0 = data.weight;
const _errs2 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate209.errors = [{instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs2){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 100 || isNaN(data0)){
validate209.errors = [{instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}}];
return false;
}
else {
if(data0 < 0 || isNaN(data0)){
validate209.errors = [{instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.step !== undefined){
let data1 = data.step;
const _errs4 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate209.errors = [{instancePath:instancePath+"/step",schemaPath:"#/properties/step/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs4){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 1000 || isNaN(data1)){
validate209.errors = [{instancePath:instancePath+"/step",schemaPath:"#/properties/step/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000}}];
return false;
}
else {
if(data1 < 0 || isNaN(data1)){
validate209.errors = [{instancePath:instancePath+"/step",schemaPath:"#/properties/step/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.shadow !== undefined){
const _errs6 = errors;
if(!(validate210(data.shadow, {instancePath:instancePath+"/shadow",parentData:data,parentDataProperty:"shadow",rootData}))){
vErrors = vErrors === null ? validate210.errors : vErrors.concat(validate210.errors);
errors = vErrors.length;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.limitMs !== undefined){
let data3 = data.limitMs;
const _errs7 = errors;
if(errors === _errs7){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate209.errors = [{instancePath:instancePath+"/limitMs",schemaPath:"#/properties/limitMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate209.errors = [{instancePath:instancePath+"/limitMs",schemaPath:"#/properties/limitMs/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sticky !== undefined){
let data4 = data.sticky;
const _errs9 = errors;
if(errors === _errs9){
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
let missing1;
if((data4.header === undefined) && (missing1 = "header")){
validate209.errors = [{instancePath:instancePath+"/sticky",schemaPath:"#/properties/sticky/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs11 = errors;
for(const key1 in data4){
if(!(key1 === "header")){
validate209.errors = [{instancePath:instancePath+"/sticky",schemaPath:"#/properties/sticky/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs11 === errors){
if(data4.header !== undefined){
let data5 = data4.header;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data5 === "string"){
if(!pattern29.test(data5)){
validate209.errors = [{instancePath:instancePath+"/sticky/header",schemaPath:"#/properties/sticky/properties/header/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9-]{0,63}$"}}];
return false;
}
}
else {
validate209.errors = [{instancePath:instancePath+"/sticky/header",schemaPath:"#/properties/sticky/properties/header/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
}
}
}
}
else {
validate209.errors = [{instancePath:instancePath+"/sticky",schemaPath:"#/properties/sticky/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.slowMs !== undefined){
let data6 = data.slowMs;
const _errs14 = errors;
if(errors === _errs14){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing2;
if(((data6.stable === undefined) && (missing2 = "stable")) || ((data6.canary === undefined) && (missing2 = "canary"))){
validate209.errors = [{instancePath:instancePath+"/slowMs",schemaPath:"#/properties/slowMs/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs16 = errors;
for(const key2 in data6){
if(!((key2 === "stable") || (key2 === "canary"))){
validate209.errors = [{instancePath:instancePath+"/slowMs",schemaPath:"#/properties/slowMs/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}}];
return false;
break;
}
}
if(_errs16 === errors){
if(data6.stable !== undefined){
let data7 = data6.stable;
const _errs17 = errors;
if(errors === _errs17){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
validate209.errors = [{instancePath:instancePath+"/slowMs/stable",schemaPath:"#/properties/slowMs/properties/stable/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate209.errors = [{instancePath:instancePath+"/slowMs/stable",schemaPath:"#/properties/slowMs/properties/stable/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid2 = _errs17 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data6.canary !== undefined){
let data8 = data6.canary;
const _errs19 = errors;
if(errors === _errs19){
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 0 || isNaN(data8)){
validate209.errors = [{instancePath:instancePath+"/slowMs/canary",schemaPath:"#/properties/slowMs/properties/canary/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate209.errors = [{instancePath:instancePath+"/slowMs/canary",schemaPath:"#/properties/slowMs/properties/canary/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid2 = _errs19 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
validate209.errors = [{instancePath:instancePath+"/slowMs",schemaPath:"#/properties/slowMs/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs14 === errors;
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
validate209.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate209.errors = vErrors;
return errors === 0;
}

const schema84 = {"type":"object","required":["url"],"additionalProperties":false,"properties":{"url":{"type":"string","pattern":"^http://([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\])(:\\d{1,5})?/?$"},"grpcUrl":{"type":"string","pattern":"^http://([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\]):\\d{1,5}/?$"},"track":{"$ref":"#/definitions/Track"}}};
const pattern30 = new RegExp("^http://([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\])(:\\d{1,5})?/?$", "u");
const pattern31 = new RegExp("^http://([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\]):\\d{1,5}/?$", "u");
const schema85 = {"enum":["stable","canary"]};

function validate214(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!((data === "stable") || (data === "canary"))){
validate214.errors = [{instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema85.enum}}];
return false;
}
validate214.errors = vErrors;
return errors === 0;
}


function validate213(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.url === undefined) && (missing0 = "url")){
validate213.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "url") || (key0 === "grpcUrl")) || (key0 === "track"))){
validate213.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.url !== undefined){
let data0 = data.url;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(!pattern30.test(data0)){
validate213.errors = [{instancePath:instancePath+"/url",schemaPath:"#/properties/url/pattern",keyword:"pattern",params:{pattern: "^http://([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\])(:\\d{1,5})?/?$"}}];
return false;
}
}
else {
validate213.errors = [{instancePath:instancePath+"/url",schemaPath:"#/properties/url/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.grpcUrl !== undefined){
let data1 = data.grpcUrl;
const _errs4 = errors;
if(errors === _errs4){
if(typeof data1 === "string"){
if(!pattern31.test(data1)){
validate213.errors = [{instancePath:instancePath+"/grpcUrl",schemaPath:"#/properties/grpcUrl/pattern",keyword:"pattern",params:{pattern: "^http://([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\]):\\d{1,5}/?$"}}];
return false;
}
}
else {
validate213.errors = [{instancePath:instancePath+"/grpcUrl",schemaPath:"#/properties/grpcUrl/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.track !== undefined){
const _errs6 = errors;
if(!(validate214(data.track, {instancePath:instancePath+"/track",parentData:data,parentDataProperty:"track",rootData}))){
vErrors = vErrors === null ? validate214.errors : vErrors.concat(validate214.errors);
errors = vErrors.length;
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
validate213.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate213.errors = vErrors;
return errors === 0;
}


function validate208(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.name === undefined) && (missing0 = "name")) || ((data.endpoints === undefined) && (missing0 = "endpoints"))){
validate208.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((key0 === "name") || (key0 === "timeoutSeconds")) || (key0 === "canary")) || (key0 === "endpoints"))){
validate208.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.name !== undefined){
let data0 = data.name;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(!pattern28.test(data0)){
validate208.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"}}];
return false;
}
}
else {
validate208.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeoutSeconds !== undefined){
let data1 = data.timeoutSeconds;
const _errs4 = errors;
if(errors === _errs4){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 86400 || isNaN(data1)){
validate208.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400}}];
return false;
}
else {
if(data1 < 0.001 || isNaN(data1)){
validate208.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0.001}}];
return false;
}
}
}
else {
validate208.errors = [{instancePath:instancePath+"/timeoutSeconds",schemaPath:"#/properties/timeoutSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.canary !== undefined){
const _errs6 = errors;
if(!(validate209(data.canary, {instancePath:instancePath+"/canary",parentData:data,parentDataProperty:"canary",rootData}))){
vErrors = vErrors === null ? validate209.errors : vErrors.concat(validate209.errors);
errors = vErrors.length;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.endpoints !== undefined){
let data3 = data.endpoints;
const _errs7 = errors;
if(errors === _errs7){
if(Array.isArray(data3)){
if(data3.length > 1000){
validate208.errors = [{instancePath:instancePath+"/endpoints",schemaPath:"#/properties/endpoints/maxItems",keyword:"maxItems",params:{limit: 1000}}];
return false;
}
else {
if(data3.length < 1){
validate208.errors = [{instancePath:instancePath+"/endpoints",schemaPath:"#/properties/endpoints/minItems",keyword:"minItems",params:{limit: 1}}];
return false;
}
else {
var valid1 = true;
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
const _errs9 = errors;
if(!(validate213(data3[i0], {instancePath:instancePath+"/endpoints/" + i0,parentData:data3,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate213.errors : vErrors.concat(validate213.errors);
errors = vErrors.length;
}
var valid1 = _errs9 === errors;
if(!valid1){
break;
}
}
}
}
}
else {
validate208.errors = [{instancePath:instancePath+"/endpoints",schemaPath:"#/properties/endpoints/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs7 === errors;
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
validate208.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate208.errors = vErrors;
return errors === 0;
}

const schema86 = {"type":"object","required":["requestsPerSecond"],"additionalProperties":false,"properties":{"requestsPerSecond":{"type":"number","minimum":0.001,"maximum":1000000},"burst":{"type":"number","minimum":1,"maximum":1000000}}};

function validate218(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.requestsPerSecond === undefined) && (missing0 = "requestsPerSecond")){
validate218.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((key0 === "requestsPerSecond") || (key0 === "burst"))){
validate218.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.requestsPerSecond !== undefined){
let data0 = data.requestsPerSecond;
const _errs2 = errors;
if(errors === _errs2){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 1000000 || isNaN(data0)){
validate218.errors = [{instancePath:instancePath+"/requestsPerSecond",schemaPath:"#/properties/requestsPerSecond/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}}];
return false;
}
else {
if(data0 < 0.001 || isNaN(data0)){
validate218.errors = [{instancePath:instancePath+"/requestsPerSecond",schemaPath:"#/properties/requestsPerSecond/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0.001}}];
return false;
}
}
}
else {
validate218.errors = [{instancePath:instancePath+"/requestsPerSecond",schemaPath:"#/properties/requestsPerSecond/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.burst !== undefined){
let data1 = data.burst;
const _errs4 = errors;
if(errors === _errs4){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 1000000 || isNaN(data1)){
validate218.errors = [{instancePath:instancePath+"/burst",schemaPath:"#/properties/burst/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}}];
return false;
}
else {
if(data1 < 1 || isNaN(data1)){
validate218.errors = [{instancePath:instancePath+"/burst",schemaPath:"#/properties/burst/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
return false;
}
}
}
else {
validate218.errors = [{instancePath:instancePath+"/burst",schemaPath:"#/properties/burst/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate218.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate218.errors = vErrors;
return errors === 0;
}


function validate207(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.models === undefined) && (missing0 = "models")){
validate207.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((key0 === "models") || (key0 === "rateLimit"))){
validate207.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.models !== undefined){
let data0 = data.models;
const _errs2 = errors;
if(errors === _errs2){
if(Array.isArray(data0)){
if(data0.length > 1000){
validate207.errors = [{instancePath:instancePath+"/models",schemaPath:"#/properties/models/maxItems",keyword:"maxItems",params:{limit: 1000}}];
return false;
}
else {
if(data0.length < 1){
validate207.errors = [{instancePath:instancePath+"/models",schemaPath:"#/properties/models/minItems",keyword:"minItems",params:{limit: 1}}];
return false;
}
else {
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs4 = errors;
if(!(validate208(data0[i0], {instancePath:instancePath+"/models/" + i0,parentData:data0,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate208.errors : vErrors.concat(validate208.errors);
errors = vErrors.length;
}
var valid1 = _errs4 === errors;
if(!valid1){
break;
}
}
}
}
}
else {
validate207.errors = [{instancePath:instancePath+"/models",schemaPath:"#/properties/models/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rateLimit !== undefined){
const _errs5 = errors;
if(!(validate218(data.rateLimit, {instancePath:instancePath+"/rateLimit",parentData:data,parentDataProperty:"rateLimit",rootData}))){
vErrors = vErrors === null ? validate218.errors : vErrors.concat(validate218.errors);
errors = vErrors.length;
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
validate207.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate207.errors = vErrors;
return errors === 0;
}

export const isDemand = validate220;
const schema87 = {"type":"object","required":["instance","startedAt","models"],"properties":{"instance":{"type":"string"},"startedAt":{"$ref":"#/definitions/Time"},"models":{"type":"array","items":{"$ref":"#/definitions/ModelDemand"}},"tls":{"$ref":"#/definitions/GatewayTls"},"activity":{"type":"array","items":{"$ref":"#/definitions/ModelActivity"}}}};
const schema88 = {"type":"object","required":["model","revision","step","weight","stable","canary"],"properties":{"model":{"type":"string"},"revision":{"type":"string"},"step":{"type":"integer","minimum":0},"weight":{"type":"integer","minimum":0,"maximum":100},"stable":{"$ref":"#/definitions/TrackDemand"},"canary":{"$ref":"#/definitions/TrackDemand"},"shadow":{"$ref":"#/definitions/ShadowDemand"},"sessions":{"$ref":"#/definitions/SessionDemand"}}};
const schema89 = {"type":"object","required":["requests","errors","slow"],"properties":{"requests":{"type":"integer","minimum":0},"errors":{"type":"integer","minimum":0},"slow":{"type":"integer","minimum":0},"overLimit":{"type":"integer","minimum":0},"latencies":{"$ref":"#/definitions/LatencyHistogram"}}};
const schema90 = {"type":"object","required":["scale","offset","counts"],"properties":{"scale":{"type":"integer"},"offset":{"type":"integer"},"counts":{"type":"array","maxItems":800,"items":{"type":"integer","minimum":0}}}};

function validate224(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.scale === undefined) && (missing0 = "scale")) || ((data.offset === undefined) && (missing0 = "offset"))) || ((data.counts === undefined) && (missing0 = "counts"))){
validate224.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.scale !== undefined){
let data0 = data.scale;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate224.errors = [{instancePath:instancePath+"/scale",schemaPath:"#/properties/scale/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.offset !== undefined){
let data1 = data.offset;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate224.errors = [{instancePath:instancePath+"/offset",schemaPath:"#/properties/offset/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.counts !== undefined){
let data2 = data.counts;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
if(data2.length > 800){
validate224.errors = [{instancePath:instancePath+"/counts",schemaPath:"#/properties/counts/maxItems",keyword:"maxItems",params:{limit: 800}}];
return false;
}
else {
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs7 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate224.errors = [{instancePath:instancePath+"/counts/" + i0,schemaPath:"#/properties/counts/items/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs7){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate224.errors = [{instancePath:instancePath+"/counts/" + i0,schemaPath:"#/properties/counts/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
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
validate224.errors = [{instancePath:instancePath+"/counts",schemaPath:"#/properties/counts/type",keyword:"type",params:{type: "array"}}];
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
validate224.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate224.errors = vErrors;
return errors === 0;
}


function validate223(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.requests === undefined) && (missing0 = "requests")) || ((data.errors === undefined) && (missing0 = "errors"))) || ((data.slow === undefined) && (missing0 = "slow"))){
validate223.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.requests !== undefined){
let data0 = data.requests;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate223.errors = [{instancePath:instancePath+"/requests",schemaPath:"#/properties/requests/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate223.errors = [{instancePath:instancePath+"/requests",schemaPath:"#/properties/requests/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.errors !== undefined){
let data1 = data.errors;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate223.errors = [{instancePath:instancePath+"/errors",schemaPath:"#/properties/errors/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate223.errors = [{instancePath:instancePath+"/errors",schemaPath:"#/properties/errors/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data.slow !== undefined){
let data2 = data.slow;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate223.errors = [{instancePath:instancePath+"/slow",schemaPath:"#/properties/slow/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate223.errors = [{instancePath:instancePath+"/slow",schemaPath:"#/properties/slow/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.overLimit !== undefined){
let data3 = data.overLimit;
const _errs7 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate223.errors = [{instancePath:instancePath+"/overLimit",schemaPath:"#/properties/overLimit/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs7){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate223.errors = [{instancePath:instancePath+"/overLimit",schemaPath:"#/properties/overLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.latencies !== undefined){
const _errs9 = errors;
if(!(validate224(data.latencies, {instancePath:instancePath+"/latencies",parentData:data,parentDataProperty:"latencies",rootData}))){
vErrors = vErrors === null ? validate224.errors : vErrors.concat(validate224.errors);
errors = vErrors.length;
}
var valid0 = _errs9 === errors;
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
validate223.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate223.errors = vErrors;
return errors === 0;
}

const schema91 = {"type":"object","required":["copies","disagreements"],"properties":{"copies":{"type":"integer","minimum":0},"disagreements":{"type":"integer","minimum":0},"uncompared":{"type":"object","additionalProperties":{"type":"integer","minimum":0}}}};

function validate228(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.copies === undefined) && (missing0 = "copies")) || ((data.disagreements === undefined) && (missing0 = "disagreements"))){
validate228.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.copies !== undefined){
let data0 = data.copies;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate228.errors = [{instancePath:instancePath+"/copies",schemaPath:"#/properties/copies/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate228.errors = [{instancePath:instancePath+"/copies",schemaPath:"#/properties/copies/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.disagreements !== undefined){
let data1 = data.disagreements;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate228.errors = [{instancePath:instancePath+"/disagreements",schemaPath:"#/properties/disagreements/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate228.errors = [{instancePath:instancePath+"/disagreements",schemaPath:"#/properties/disagreements/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data.uncompared !== undefined){
let data2 = data.uncompared;
const _errs5 = errors;
if(errors === _errs5){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key0 in data2){
let data3 = data2[key0];
const _errs8 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate228.errors = [{instancePath:instancePath+"/uncompared/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/uncompared/additionalProperties/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs8){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate228.errors = [{instancePath:instancePath+"/uncompared/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/uncompared/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid1 = _errs8 === errors;
if(!valid1){
break;
}
}
}
else {
validate228.errors = [{instancePath:instancePath+"/uncompared",schemaPath:"#/properties/uncompared/type",keyword:"type",params:{type: "object"}}];
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
validate228.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate228.errors = vErrors;
return errors === 0;
}

const schema92 = {"type":"object","required":["uncounted"],"properties":{"uncounted":{"type":"integer","minimum":0}}};

function validate230(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.uncounted === undefined) && (missing0 = "uncounted")){
validate230.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.uncounted !== undefined){
let data0 = data.uncounted;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate230.errors = [{instancePath:instancePath+"/uncounted",schemaPath:"#/properties/uncounted/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
validate230.errors = [{instancePath:instancePath+"/uncounted",schemaPath:"#/properties/uncounted/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
}
}
}
else {
validate230.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate230.errors = vErrors;
return errors === 0;
}


function validate222(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.model === undefined) && (missing0 = "model")) || ((data.revision === undefined) && (missing0 = "revision"))) || ((data.step === undefined) && (missing0 = "step"))) || ((data.weight === undefined) && (missing0 = "weight"))) || ((data.stable === undefined) && (missing0 = "stable"))) || ((data.canary === undefined) && (missing0 = "canary"))){
validate222.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.model !== undefined){
const _errs1 = errors;
if(typeof data.model !== "string"){
validate222.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.revision !== undefined){
const _errs3 = errors;
if(typeof data.revision !== "string"){
validate222.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/properties/revision/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.step !== undefined){
let data2 = data.step;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate222.errors = [{instancePath:instancePath+"/step",schemaPath:"#/properties/step/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate222.errors = [{instancePath:instancePath+"/step",schemaPath:"#/properties/step/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.weight !== undefined){
let data3 = data.weight;
const _errs7 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate222.errors = [{instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs7){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 100 || isNaN(data3)){
validate222.errors = [{instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}}];
return false;
}
else {
if(data3 < 0 || isNaN(data3)){
validate222.errors = [{instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data.stable !== undefined){
const _errs9 = errors;
if(!(validate223(data.stable, {instancePath:instancePath+"/stable",parentData:data,parentDataProperty:"stable",rootData}))){
vErrors = vErrors === null ? validate223.errors : vErrors.concat(validate223.errors);
errors = vErrors.length;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.canary !== undefined){
const _errs10 = errors;
if(!(validate223(data.canary, {instancePath:instancePath+"/canary",parentData:data,parentDataProperty:"canary",rootData}))){
vErrors = vErrors === null ? validate223.errors : vErrors.concat(validate223.errors);
errors = vErrors.length;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.shadow !== undefined){
const _errs11 = errors;
if(!(validate228(data.shadow, {instancePath:instancePath+"/shadow",parentData:data,parentDataProperty:"shadow",rootData}))){
vErrors = vErrors === null ? validate228.errors : vErrors.concat(validate228.errors);
errors = vErrors.length;
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sessions !== undefined){
const _errs12 = errors;
if(!(validate230(data.sessions, {instancePath:instancePath+"/sessions",parentData:data,parentDataProperty:"sessions",rootData}))){
vErrors = vErrors === null ? validate230.errors : vErrors.concat(validate230.errors);
errors = vErrors.length;
}
var valid0 = _errs12 === errors;
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
validate222.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate222.errors = vErrors;
return errors === 0;
}

const schema93 = {"type":"object","required":["names","untrusted"],"properties":{"names":{"type":"array","maxItems":1000,"items":{"type":"string","maxLength":253}},"untrusted":{"type":"array","items":{"type":"object","required":["model","message"],"properties":{"model":{"type":"string"},"message":{"type":"string"}}}}}};

function validate233(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.names === undefined) && (missing0 = "names")) || ((data.untrusted === undefined) && (missing0 = "untrusted"))){
validate233.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.names !== undefined){
let data0 = data.names;
const _errs1 = errors;
if(errors === _errs1){
if(Array.isArray(data0)){
if(data0.length > 1000){
validate233.errors = [{instancePath:instancePath+"/names",schemaPath:"#/properties/names/maxItems",keyword:"maxItems",params:{limit: 1000}}];
return false;
}
else {
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(data1.length > 253){
validate233.errors = [{instancePath:instancePath+"/names/" + i0,schemaPath:"#/properties/names/items/maxLength",keyword:"maxLength",params:{limit: 253}}];
return false;
}
}
else {
validate233.errors = [{instancePath:instancePath+"/names/" + i0,schemaPath:"#/properties/names/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid1 = _errs3 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate233.errors = [{instancePath:instancePath+"/names",schemaPath:"#/properties/names/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.untrusted !== undefined){
let data2 = data.untrusted;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data2)){
var valid2 = true;
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
const _errs7 = errors;
if(errors === _errs7){
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
let missing1;
if(((data3.model === undefined) && (missing1 = "model")) || ((data3.message === undefined) && (missing1 = "message"))){
validate233.errors = [{instancePath:instancePath+"/untrusted/" + i1,schemaPath:"#/properties/untrusted/items/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
if(data3.model !== undefined){
const _errs9 = errors;
if(typeof data3.model !== "string"){
validate233.errors = [{instancePath:instancePath+"/untrusted/" + i1+"/model",schemaPath:"#/properties/untrusted/items/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs9 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data3.message !== undefined){
const _errs11 = errors;
if(typeof data3.message !== "string"){
validate233.errors = [{instancePath:instancePath+"/untrusted/" + i1+"/message",schemaPath:"#/properties/untrusted/items/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs11 === errors;
}
else {
var valid3 = true;
}
}
}
}
else {
validate233.errors = [{instancePath:instancePath+"/untrusted/" + i1,schemaPath:"#/properties/untrusted/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid2 = _errs7 === errors;
if(!valid2){
break;
}
}
}
else {
validate233.errors = [{instancePath:instancePath+"/untrusted",schemaPath:"#/properties/untrusted/type",keyword:"type",params:{type: "array"}}];
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
else {
validate233.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate233.errors = vErrors;
return errors === 0;
}

const schema94 = {"type":"object","required":["model","requests","inFlight","waiting"],"properties":{"model":{"type":"string"},"requests":{"type":"integer","minimum":0},"inFlight":{"type":"integer","minimum":0},"waiting":{"type":"integer","minimum":0},"idleSeconds":{"type":"number","minimum":0}}};

function validate235(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.model === undefined) && (missing0 = "model")) || ((data.requests === undefined) && (missing0 = "requests"))) || ((data.inFlight === undefined) && (missing0 = "inFlight"))) || ((data.waiting === undefined) && (missing0 = "waiting"))){
validate235.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.model !== undefined){
const _errs1 = errors;
if(typeof data.model !== "string"){
validate235.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.requests !== undefined){
let data1 = data.requests;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate235.errors = [{instancePath:instancePath+"/requests",schemaPath:"#/properties/requests/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate235.errors = [{instancePath:instancePath+"/requests",schemaPath:"#/properties/requests/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data.inFlight !== undefined){
let data2 = data.inFlight;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate235.errors = [{instancePath:instancePath+"/inFlight",schemaPath:"#/properties/inFlight/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate235.errors = [{instancePath:instancePath+"/inFlight",schemaPath:"#/properties/inFlight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.waiting !== undefined){
let data3 = data.waiting;
const _errs7 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate235.errors = [{instancePath:instancePath+"/waiting",schemaPath:"#/properties/waiting/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs7){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate235.errors = [{instancePath:instancePath+"/waiting",schemaPath:"#/properties/waiting/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.idleSeconds !== undefined){
let data4 = data.idleSeconds;
const _errs9 = errors;
if(errors === _errs9){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 0 || isNaN(data4)){
validate235.errors = [{instancePath:instancePath+"/idleSeconds",schemaPath:"#/properties/idleSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
else {
validate235.errors = [{instancePath:instancePath+"/idleSeconds",schemaPath:"#/properties/idleSeconds/type",keyword:"type",params:{type: "number"}}];
return false;
}
}
var valid0 = _errs9 === errors;
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
validate235.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate235.errors = vErrors;
return errors === 0;
}


function validate220(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.instance === undefined) && (missing0 = "instance")) || ((data.startedAt === undefined) && (missing0 = "startedAt"))) || ((data.models === undefined) && (missing0 = "models"))){
validate220.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.instance !== undefined){
const _errs1 = errors;
if(typeof data.instance !== "string"){
validate220.errors = [{instancePath:instancePath+"/instance",schemaPath:"#/properties/instance/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.startedAt !== undefined){
const _errs3 = errors;
if(!(validate32(data.startedAt, {instancePath:instancePath+"/startedAt",parentData:data,parentDataProperty:"startedAt",rootData}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.models !== undefined){
let data2 = data.models;
const _errs4 = errors;
if(errors === _errs4){
if(Array.isArray(data2)){
var valid1 = true;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
const _errs6 = errors;
if(!(validate222(data2[i0], {instancePath:instancePath+"/models/" + i0,parentData:data2,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate222.errors : vErrors.concat(validate222.errors);
errors = vErrors.length;
}
var valid1 = _errs6 === errors;
if(!valid1){
break;
}
}
}
else {
validate220.errors = [{instancePath:instancePath+"/models",schemaPath:"#/properties/models/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.tls !== undefined){
const _errs7 = errors;
if(!(validate233(data.tls, {instancePath:instancePath+"/tls",parentData:data,parentDataProperty:"tls",rootData}))){
vErrors = vErrors === null ? validate233.errors : vErrors.concat(validate233.errors);
errors = vErrors.length;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.activity !== undefined){
let data5 = data.activity;
const _errs8 = errors;
if(errors === _errs8){
if(Array.isArray(data5)){
var valid2 = true;
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
const _errs10 = errors;
if(!(validate235(data5[i1], {instancePath:instancePath+"/activity/" + i1,parentData:data5,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate235.errors : vErrors.concat(validate235.errors);
errors = vErrors.length;
}
var valid2 = _errs10 === errors;
if(!valid2){
break;
}
}
}
else {
validate220.errors = [{instancePath:instancePath+"/activity",schemaPath:"#/properties/activity/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs8 === errors;
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
validate220.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate220.errors = vErrors;
return errors === 0;
}

export const isImportProgress = validate237;
const schema95 = {"type":"object","required":["bytes"],"properties":{"bytes":{"type":"integer","minimum":0,"maximum":9007199254740991},"totalBytes":{"type":"integer","minimum":0,"maximum":9007199254740991}}};

function validate237(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.bytes === undefined) && (missing0 = "bytes")){
validate237.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.bytes !== undefined){
let data0 = data.bytes;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate237.errors = [{instancePath:instancePath+"/bytes",schemaPath:"#/properties/bytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 9007199254740991 || isNaN(data0)){
validate237.errors = [{instancePath:instancePath+"/bytes",schemaPath:"#/properties/bytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data0 < 0 || isNaN(data0)){
validate237.errors = [{instancePath:instancePath+"/bytes",schemaPath:"#/properties/bytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data.totalBytes !== undefined){
let data1 = data.totalBytes;
const _errs3 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate237.errors = [{instancePath:instancePath+"/totalBytes",schemaPath:"#/properties/totalBytes/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs3){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 9007199254740991 || isNaN(data1)){
validate237.errors = [{instancePath:instancePath+"/totalBytes",schemaPath:"#/properties/totalBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991}}];
return false;
}
else {
if(data1 < 0 || isNaN(data1)){
validate237.errors = [{instancePath:instancePath+"/totalBytes",schemaPath:"#/properties/totalBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
}
}
}
else {
validate237.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate237.errors = vErrors;
return errors === 0;
}

export const isGatewayPorts = validate238;
const schema96 = {"type":"object","required":["instance","ports"],"properties":{"instance":{"type":"string"},"ports":{"type":"array","items":{"$ref":"#/definitions/GatewayPort"}}}};
const schema97 = {"type":"object","required":["port","model","endpoints"],"properties":{"port":{"type":"integer","minimum":1,"maximum":65535},"model":{"type":"string"},"endpoints":{"type":"integer","minimum":0}}};

function validate239(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.port === undefined) && (missing0 = "port")) || ((data.model === undefined) && (missing0 = "model"))) || ((data.endpoints === undefined) && (missing0 = "endpoints"))){
validate239.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.port !== undefined){
let data0 = data.port;
const _errs1 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate239.errors = [{instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs1){
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 65535 || isNaN(data0)){
validate239.errors = [{instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535}}];
return false;
}
else {
if(data0 < 1 || isNaN(data0)){
validate239.errors = [{instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}}];
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
if(data.model !== undefined){
const _errs3 = errors;
if(typeof data.model !== "string"){
validate239.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.endpoints !== undefined){
let data2 = data.endpoints;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate239.errors = [{instancePath:instancePath+"/endpoints",schemaPath:"#/properties/endpoints/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate239.errors = [{instancePath:instancePath+"/endpoints",schemaPath:"#/properties/endpoints/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
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
validate239.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate239.errors = vErrors;
return errors === 0;
}


function validate238(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.instance === undefined) && (missing0 = "instance")) || ((data.ports === undefined) && (missing0 = "ports"))){
validate238.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
if(data.instance !== undefined){
const _errs1 = errors;
if(typeof data.instance !== "string"){
validate238.errors = [{instancePath:instancePath+"/instance",schemaPath:"#/properties/instance/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs1 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.ports !== undefined){
let data1 = data.ports;
const _errs3 = errors;
if(errors === _errs3){
if(Array.isArray(data1)){
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
const _errs5 = errors;
if(!(validate239(data1[i0], {instancePath:instancePath+"/ports/" + i0,parentData:data1,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate239.errors : vErrors.concat(validate239.errors);
errors = vErrors.length;
}
var valid1 = _errs5 === errors;
if(!valid1){
break;
}
}
}
else {
validate238.errors = [{instancePath:instancePath+"/ports",schemaPath:"#/properties/ports/type",keyword:"type",params:{type: "array"}}];
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
else {
validate238.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate238.errors = vErrors;
return errors === 0;
}
