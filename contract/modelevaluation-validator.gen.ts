// @ts-nocheck
/** Generated from crds/ by scripts/generate.ts; change the CRD, not this file. */
export const validateModelEvaluation = validate10;
const schema11 = {"type":"object","required":["spec"],"properties":{"apiVersion":{"type":"string"},"kind":{"type":"string"},"metadata":{"type":"object"},"spec":{"type":"object","required":["candidates","dataset"],"properties":{"requirements":{"type":"object","maxProperties":32,"additionalProperties":{"type":"boolean"}},"candidates":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","required":["name","task","source"],"properties":{"name":{"type":"string","minLength":1,"maxLength":40,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},"task":{"type":"string","enum":["tensor","text-classification","token-classification","question-answering","feature-extraction","zero-shot-classification","fill-mask","text-generation","code-generation","translation","image-classification","zero-shot-image-classification","image-to-text"]},"source":{"type":"object","properties":{"uri":{"type":"string","minLength":1,"maxLength":2048},"configMapRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false},"file":{"type":"string","minLength":6,"maxLength":512},"sha256":{"type":"string","maxLength":64},"secretRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false}},"additionalProperties":false},"labels":{"type":"array","minItems":1,"maxItems":1000,"items":{"type":"string","minLength":1,"maxLength":253}},"capabilities":{"type":"array","maxItems":32,"items":{"type":"string","minLength":1,"maxLength":63}},"optimize":{"type":"object","properties":{"export":{"type":"object","additionalProperties":true},"distill":{"type":"object","additionalProperties":true},"graph":{"type":"string","enum":["none","basic","all"]},"prune":{"type":"object","required":["method"],"properties":{"method":{"type":"string","enum":["l1-unstructured","structured"]},"ratio":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"heads":{"type":"boolean"}},"additionalProperties":false},"quantize":{"type":"string","enum":["none","int8-dynamic","int8-static","int4","fp16"]}},"additionalProperties":false}},"additionalProperties":false}},"dataset":{"type":"object","properties":{"uri":{"type":"string","minLength":1,"maxLength":2048},"configMapRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false},"secretRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false},"file":{"type":"string","minLength":1,"maxLength":512},"sha256":{"type":"string","maxLength":64},"format":{"type":"string","enum":["jsonl","csv"]},"split":{"type":"object","required":["share","part"],"properties":{"share":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"part":{"type":"string","enum":["held-out","rest"]},"seed":{"type":"integer","minimum":0}},"additionalProperties":false},"sample":{"type":"object","required":["size"],"properties":{"size":{"type":"integer","minimum":1},"seed":{"type":"integer","minimum":0}},"additionalProperties":false}},"additionalProperties":false},"metric":{"type":"string","default":"accuracy","enum":["accuracy","topK","f1Macro","f1Weighted","entityF1","exactMatch","tokenF1","bleu","chrf","perplexity","meanAbsoluteError","meanSquaredError","r2","recallAtK","meanReciprocalRank"]},"topK":{"type":"integer","minimum":1,"maximum":1000},"output":{"type":"string","minLength":1,"maxLength":253},"concurrencies":{"type":"array","minItems":1,"maxItems":8,"default":[1,8],"items":{"type":"integer","minimum":1,"maximum":256}},"expectedRequestsPerHour":{"type":"number","default":1000,"minimum":0},"weights":{"type":"object","default":{"accuracy":0.4,"cost":0.3,"throughput":0.3},"properties":{"accuracy":{"type":"number","default":0.4,"minimum":0,"maximum":1},"cost":{"type":"number","default":0.3,"minimum":0,"maximum":1},"throughput":{"type":"number","default":0.3,"minimum":0,"maximum":1}},"additionalProperties":false},"costModel":{"type":"object","default":{},"properties":{"basePerGb":{"type":"number","minimum":0},"hardwarePerGb":{"type":"number","minimum":0},"perRequest":{"type":"number","minimum":0},"prices":{"type":"object","required":["configMapRef"],"properties":{"configMapRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false}},"additionalProperties":false}},"additionalProperties":false},"score":{"type":"string","default":"normalized","enum":["normalized","comprehensive"]},"serve":{"type":"object","default":{},"properties":{"device":{"type":"string","enum":["auto","gpu","cpu"],"default":"auto"},"gpu":{"type":"object","properties":{"resource":{"type":"string","default":"nvidia.com/gpu","minLength":1,"maxLength":253},"count":{"type":"integer","default":1,"minimum":1,"maximum":64}},"additionalProperties":false},"threads":{"type":"integer","minimum":1,"maximum":256},"maxRows":{"type":"integer","minimum":1,"maximum":4096},"resources":{"type":"object","properties":{"requests":{"type":"object","maxProperties":16,"additionalProperties":{"type":["integer","string"]}},"limits":{"type":"object","maxProperties":16,"additionalProperties":{"type":["integer","string"]}}},"additionalProperties":false}},"additionalProperties":false},"variants":{"type":"object","properties":{"optimize":{"type":"array","minItems":1,"maxItems":8,"items":{"type":"object","properties":{"export":{"type":"object","additionalProperties":true},"distill":{"type":"object","additionalProperties":true},"graph":{"type":"string","enum":["none","basic","all"]},"prune":{"type":"object","required":["method"],"properties":{"method":{"type":"string","enum":["l1-unstructured","structured"]},"ratio":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"heads":{"type":"boolean"}},"additionalProperties":false},"quantize":{"type":"string","enum":["none","int8-dynamic","int8-static","int4","fp16"]}},"additionalProperties":false}},"threads":{"type":"array","minItems":1,"maxItems":8,"items":{"type":"integer","minimum":1,"maximum":256}},"maxRows":{"type":"array","minItems":1,"maxItems":8,"items":{"type":"integer","minimum":1,"maximum":4096}}},"additionalProperties":false},"objective":{"type":"object","required":["minimize"],"properties":{"minimize":{"type":"string","enum":["cost","latency","size"]},"subjectTo":{"type":"object","properties":{"p95Ms":{"type":"number","exclusiveMinimum":0},"accuracyDrop":{"type":"number","minimum":0}},"additionalProperties":false}},"additionalProperties":false},"timeBudget":{"type":"string","default":"10m","maxLength":16,"pattern":"^[1-9][0-9]*(s|m|h)$"},"suspend":{"type":"boolean","default":false}},"additionalProperties":false},"status":{}},"additionalProperties":false};
const func2 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern1 = new RegExp("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "u");
const pattern6 = new RegExp("^[1-9][0-9]*(s|m|h)$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.spec === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},message:"must have required property '"+"spec"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.apiVersion !== undefined){
if(typeof data.apiVersion !== "string"){
const err2 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.kind !== undefined){
if(typeof data.kind !== "string"){
const err3 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(!(data2 && typeof data2 == "object" && !Array.isArray(data2))){
const err4 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.spec !== undefined){
let data3 = data.spec;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(data3.metric === undefined){
data3.metric = "accuracy";
}
if(data3.concurrencies === undefined){
data3.concurrencies = [1,8];
}
if(data3.expectedRequestsPerHour === undefined){
data3.expectedRequestsPerHour = 1000;
}
if(data3.weights === undefined){
data3.weights = {"accuracy":0.4,"cost":0.3,"throughput":0.3};
}
if(data3.costModel === undefined){
data3.costModel = {};
}
if(data3.score === undefined){
data3.score = "normalized";
}
if(data3.serve === undefined){
data3.serve = {};
}
if(data3.timeBudget === undefined){
data3.timeBudget = "10m";
}
if(data3.suspend === undefined){
data3.suspend = false;
}
if(data3.candidates === undefined){
const err5 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "candidates"},message:"must have required property '"+"candidates"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data3.dataset === undefined){
const err6 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "dataset"},message:"must have required property '"+"dataset"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
for(const key1 in data3){
if(!(func2.call(schema11.properties.spec.properties, key1))){
const err7 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data3.requirements !== undefined){
let data4 = data3.requirements;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(Object.keys(data4).length > 32){
const err8 = {instancePath:instancePath+"/spec/requirements",schemaPath:"#/properties/spec/properties/requirements/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
for(const key2 in data4){
if(typeof data4[key2] !== "boolean"){
const err9 = {instancePath:instancePath+"/spec/requirements/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/requirements/additionalProperties/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath:instancePath+"/spec/requirements",schemaPath:"#/properties/spec/properties/requirements/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data3.candidates !== undefined){
let data6 = data3.candidates;
if(Array.isArray(data6)){
if(data6.length > 16){
const err11 = {instancePath:instancePath+"/spec/candidates",schemaPath:"#/properties/spec/properties/candidates/maxItems",keyword:"maxItems",params:{limit: 16},message:"must NOT have more than 16 items"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data6.length < 1){
const err12 = {instancePath:instancePath+"/spec/candidates",schemaPath:"#/properties/spec/properties/candidates/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.name === undefined){
const err13 = {instancePath:instancePath+"/spec/candidates/" + i0,schemaPath:"#/properties/spec/properties/candidates/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data7.task === undefined){
const err14 = {instancePath:instancePath+"/spec/candidates/" + i0,schemaPath:"#/properties/spec/properties/candidates/items/required",keyword:"required",params:{missingProperty: "task"},message:"must have required property '"+"task"+"'"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data7.source === undefined){
const err15 = {instancePath:instancePath+"/spec/candidates/" + i0,schemaPath:"#/properties/spec/properties/candidates/items/required",keyword:"required",params:{missingProperty: "source"},message:"must have required property '"+"source"+"'"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key3 in data7){
if(!((((((key3 === "name") || (key3 === "task")) || (key3 === "source")) || (key3 === "labels")) || (key3 === "capabilities")) || (key3 === "optimize"))){
const err16 = {instancePath:instancePath+"/spec/candidates/" + i0,schemaPath:"#/properties/spec/properties/candidates/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data7.name !== undefined){
let data8 = data7.name;
if(typeof data8 === "string"){
if(data8.length > 40){
const err17 = {instancePath:instancePath+"/spec/candidates/" + i0+"/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 40},message:"must NOT have more than 40 characters"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(data8.length < 1){
const err18 = {instancePath:instancePath+"/spec/candidates/" + i0+"/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!pattern0.test(data8)){
const err19 = {instancePath:instancePath+"/spec/candidates/" + i0+"/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/spec/candidates/" + i0+"/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data7.task !== undefined){
let data9 = data7.task;
if(typeof data9 !== "string"){
const err21 = {instancePath:instancePath+"/spec/candidates/" + i0+"/task",schemaPath:"#/properties/spec/properties/candidates/items/properties/task/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!(((((((((((((data9 === "tensor") || (data9 === "text-classification")) || (data9 === "token-classification")) || (data9 === "question-answering")) || (data9 === "feature-extraction")) || (data9 === "zero-shot-classification")) || (data9 === "fill-mask")) || (data9 === "text-generation")) || (data9 === "code-generation")) || (data9 === "translation")) || (data9 === "image-classification")) || (data9 === "zero-shot-image-classification")) || (data9 === "image-to-text"))){
const err22 = {instancePath:instancePath+"/spec/candidates/" + i0+"/task",schemaPath:"#/properties/spec/properties/candidates/items/properties/task/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.candidates.items.properties.task.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data7.source !== undefined){
let data10 = data7.source;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key4 in data10){
if(!(((((key4 === "uri") || (key4 === "configMapRef")) || (key4 === "file")) || (key4 === "sha256")) || (key4 === "secretRef"))){
const err23 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data10.uri !== undefined){
let data11 = data10.uri;
if(typeof data11 === "string"){
if(data11.length > 2048){
const err24 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/uri",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/uri/maxLength",keyword:"maxLength",params:{limit: 2048},message:"must NOT have more than 2048 characters"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data11.length < 1){
const err25 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/uri",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/uri/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/uri",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/uri/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data10.configMapRef !== undefined){
let data12 = data10.configMapRef;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.name === undefined){
const err27 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/configMapRef",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/configMapRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
for(const key5 in data12){
if(!(key5 === "name")){
const err28 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/configMapRef",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/configMapRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data12.name !== undefined){
let data13 = data12.name;
if(typeof data13 === "string"){
if(data13.length > 253){
const err29 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/configMapRef/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/configMapRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data13.length < 1){
const err30 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/configMapRef/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/configMapRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(!pattern1.test(data13)){
const err31 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/configMapRef/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/configMapRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/configMapRef/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/configMapRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
else {
const err33 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/configMapRef",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/configMapRef/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data10.file !== undefined){
let data14 = data10.file;
if(typeof data14 === "string"){
if(data14.length > 512){
const err34 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/file",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/file/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(data14.length < 6){
const err35 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/file",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/file/minLength",keyword:"minLength",params:{limit: 6},message:"must NOT have fewer than 6 characters"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/file",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data10.sha256 !== undefined){
let data15 = data10.sha256;
if(typeof data15 === "string"){
if(data15.length > 64){
const err37 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/sha256",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/sha256/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/sha256",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/sha256/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data10.secretRef !== undefined){
let data16 = data10.secretRef;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
if(data16.name === undefined){
const err39 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/secretRef",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/secretRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
for(const key6 in data16){
if(!(key6 === "name")){
const err40 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/secretRef",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/secretRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data16.name !== undefined){
let data17 = data16.name;
if(typeof data17 === "string"){
if(data17.length > 253){
const err41 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/secretRef/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/secretRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data17.length < 1){
const err42 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/secretRef/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/secretRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(!pattern1.test(data17)){
const err43 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/secretRef/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/secretRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
else {
const err44 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/secretRef/name",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/secretRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
}
else {
const err45 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source/secretRef",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/properties/secretRef/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/spec/candidates/" + i0+"/source",schemaPath:"#/properties/spec/properties/candidates/items/properties/source/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data7.labels !== undefined){
let data18 = data7.labels;
if(Array.isArray(data18)){
if(data18.length > 1000){
const err47 = {instancePath:instancePath+"/spec/candidates/" + i0+"/labels",schemaPath:"#/properties/spec/properties/candidates/items/properties/labels/maxItems",keyword:"maxItems",params:{limit: 1000},message:"must NOT have more than 1000 items"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(data18.length < 1){
const err48 = {instancePath:instancePath+"/spec/candidates/" + i0+"/labels",schemaPath:"#/properties/spec/properties/candidates/items/properties/labels/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
const len1 = data18.length;
for(let i1=0; i1<len1; i1++){
let data19 = data18[i1];
if(typeof data19 === "string"){
if(data19.length > 253){
const err49 = {instancePath:instancePath+"/spec/candidates/" + i0+"/labels/" + i1,schemaPath:"#/properties/spec/properties/candidates/items/properties/labels/items/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data19.length < 1){
const err50 = {instancePath:instancePath+"/spec/candidates/" + i0+"/labels/" + i1,schemaPath:"#/properties/spec/properties/candidates/items/properties/labels/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
else {
const err51 = {instancePath:instancePath+"/spec/candidates/" + i0+"/labels/" + i1,schemaPath:"#/properties/spec/properties/candidates/items/properties/labels/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
}
else {
const err52 = {instancePath:instancePath+"/spec/candidates/" + i0+"/labels",schemaPath:"#/properties/spec/properties/candidates/items/properties/labels/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data7.capabilities !== undefined){
let data20 = data7.capabilities;
if(Array.isArray(data20)){
if(data20.length > 32){
const err53 = {instancePath:instancePath+"/spec/candidates/" + i0+"/capabilities",schemaPath:"#/properties/spec/properties/candidates/items/properties/capabilities/maxItems",keyword:"maxItems",params:{limit: 32},message:"must NOT have more than 32 items"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
const len2 = data20.length;
for(let i2=0; i2<len2; i2++){
let data21 = data20[i2];
if(typeof data21 === "string"){
if(data21.length > 63){
const err54 = {instancePath:instancePath+"/spec/candidates/" + i0+"/capabilities/" + i2,schemaPath:"#/properties/spec/properties/candidates/items/properties/capabilities/items/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(data21.length < 1){
const err55 = {instancePath:instancePath+"/spec/candidates/" + i0+"/capabilities/" + i2,schemaPath:"#/properties/spec/properties/candidates/items/properties/capabilities/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/spec/candidates/" + i0+"/capabilities/" + i2,schemaPath:"#/properties/spec/properties/candidates/items/properties/capabilities/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
else {
const err57 = {instancePath:instancePath+"/spec/candidates/" + i0+"/capabilities",schemaPath:"#/properties/spec/properties/candidates/items/properties/capabilities/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data7.optimize !== undefined){
let data22 = data7.optimize;
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
for(const key7 in data22){
if(!(((((key7 === "export") || (key7 === "distill")) || (key7 === "graph")) || (key7 === "prune")) || (key7 === "quantize"))){
const err58 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data22.export !== undefined){
let data23 = data22.export;
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
}
else {
const err59 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/export",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/export/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data22.distill !== undefined){
let data24 = data22.distill;
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
}
else {
const err60 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/distill",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/distill/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data22.graph !== undefined){
let data25 = data22.graph;
if(typeof data25 !== "string"){
const err61 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/graph",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/graph/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(!(((data25 === "none") || (data25 === "basic")) || (data25 === "all"))){
const err62 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/graph",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/graph/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.candidates.items.properties.optimize.properties.graph.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data22.prune !== undefined){
let data26 = data22.prune;
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
if(data26.method === undefined){
const err63 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/required",keyword:"required",params:{missingProperty: "method"},message:"must have required property '"+"method"+"'"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
for(const key8 in data26){
if(!(((key8 === "method") || (key8 === "ratio")) || (key8 === "heads"))){
const err64 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data26.method !== undefined){
let data27 = data26.method;
if(typeof data27 !== "string"){
const err65 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune/method",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/properties/method/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(!((data27 === "l1-unstructured") || (data27 === "structured"))){
const err66 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune/method",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/properties/method/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.candidates.items.properties.optimize.properties.prune.properties.method.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data26.ratio !== undefined){
let data28 = data26.ratio;
if(typeof data28 == "number"){
if(data28 >= 1 || isNaN(data28)){
const err67 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune/ratio",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/properties/ratio/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(data28 <= 0 || isNaN(data28)){
const err68 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune/ratio",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/properties/ratio/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
else {
const err69 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune/ratio",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/properties/ratio/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data26.heads !== undefined){
if(typeof data26.heads !== "boolean"){
const err70 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune/heads",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/properties/heads/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
}
else {
const err71 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/prune",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/prune/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data22.quantize !== undefined){
let data30 = data22.quantize;
if(typeof data30 !== "string"){
const err72 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/quantize",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/quantize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(!(((((data30 === "none") || (data30 === "int8-dynamic")) || (data30 === "int8-static")) || (data30 === "int4")) || (data30 === "fp16"))){
const err73 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize/quantize",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/properties/quantize/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.candidates.items.properties.optimize.properties.quantize.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
}
else {
const err74 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
}
else {
const err75 = {instancePath:instancePath+"/spec/candidates/" + i0,schemaPath:"#/properties/spec/properties/candidates/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
}
else {
const err76 = {instancePath:instancePath+"/spec/candidates",schemaPath:"#/properties/spec/properties/candidates/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data3.dataset !== undefined){
let data31 = data3.dataset;
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
for(const key9 in data31){
if(!((((((((key9 === "uri") || (key9 === "configMapRef")) || (key9 === "secretRef")) || (key9 === "file")) || (key9 === "sha256")) || (key9 === "format")) || (key9 === "split")) || (key9 === "sample"))){
const err77 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
if(data31.uri !== undefined){
let data32 = data31.uri;
if(typeof data32 === "string"){
if(data32.length > 2048){
const err78 = {instancePath:instancePath+"/spec/dataset/uri",schemaPath:"#/properties/spec/properties/dataset/properties/uri/maxLength",keyword:"maxLength",params:{limit: 2048},message:"must NOT have more than 2048 characters"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(data32.length < 1){
const err79 = {instancePath:instancePath+"/spec/dataset/uri",schemaPath:"#/properties/spec/properties/dataset/properties/uri/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/spec/dataset/uri",schemaPath:"#/properties/spec/properties/dataset/properties/uri/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
if(data31.configMapRef !== undefined){
let data33 = data31.configMapRef;
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
if(data33.name === undefined){
const err81 = {instancePath:instancePath+"/spec/dataset/configMapRef",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
for(const key10 in data33){
if(!(key10 === "name")){
const err82 = {instancePath:instancePath+"/spec/dataset/configMapRef",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data33.name !== undefined){
let data34 = data33.name;
if(typeof data34 === "string"){
if(data34.length > 253){
const err83 = {instancePath:instancePath+"/spec/dataset/configMapRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
if(data34.length < 1){
const err84 = {instancePath:instancePath+"/spec/dataset/configMapRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if(!pattern1.test(data34)){
const err85 = {instancePath:instancePath+"/spec/dataset/configMapRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
else {
const err86 = {instancePath:instancePath+"/spec/dataset/configMapRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
}
else {
const err87 = {instancePath:instancePath+"/spec/dataset/configMapRef",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data31.secretRef !== undefined){
let data35 = data31.secretRef;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(data35.name === undefined){
const err88 = {instancePath:instancePath+"/spec/dataset/secretRef",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
for(const key11 in data35){
if(!(key11 === "name")){
const err89 = {instancePath:instancePath+"/spec/dataset/secretRef",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data35.name !== undefined){
let data36 = data35.name;
if(typeof data36 === "string"){
if(data36.length > 253){
const err90 = {instancePath:instancePath+"/spec/dataset/secretRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
if(data36.length < 1){
const err91 = {instancePath:instancePath+"/spec/dataset/secretRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
if(!pattern1.test(data36)){
const err92 = {instancePath:instancePath+"/spec/dataset/secretRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/spec/dataset/secretRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
}
else {
const err94 = {instancePath:instancePath+"/spec/dataset/secretRef",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
if(data31.file !== undefined){
let data37 = data31.file;
if(typeof data37 === "string"){
if(data37.length > 512){
const err95 = {instancePath:instancePath+"/spec/dataset/file",schemaPath:"#/properties/spec/properties/dataset/properties/file/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
if(data37.length < 1){
const err96 = {instancePath:instancePath+"/spec/dataset/file",schemaPath:"#/properties/spec/properties/dataset/properties/file/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
else {
const err97 = {instancePath:instancePath+"/spec/dataset/file",schemaPath:"#/properties/spec/properties/dataset/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
if(data31.sha256 !== undefined){
let data38 = data31.sha256;
if(typeof data38 === "string"){
if(data38.length > 64){
const err98 = {instancePath:instancePath+"/spec/dataset/sha256",schemaPath:"#/properties/spec/properties/dataset/properties/sha256/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/spec/dataset/sha256",schemaPath:"#/properties/spec/properties/dataset/properties/sha256/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data31.format !== undefined){
let data39 = data31.format;
if(typeof data39 !== "string"){
const err100 = {instancePath:instancePath+"/spec/dataset/format",schemaPath:"#/properties/spec/properties/dataset/properties/format/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(!((data39 === "jsonl") || (data39 === "csv"))){
const err101 = {instancePath:instancePath+"/spec/dataset/format",schemaPath:"#/properties/spec/properties/dataset/properties/format/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.dataset.properties.format.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data31.split !== undefined){
let data40 = data31.split;
if(data40 && typeof data40 == "object" && !Array.isArray(data40)){
if(data40.share === undefined){
const err102 = {instancePath:instancePath+"/spec/dataset/split",schemaPath:"#/properties/spec/properties/dataset/properties/split/required",keyword:"required",params:{missingProperty: "share"},message:"must have required property '"+"share"+"'"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(data40.part === undefined){
const err103 = {instancePath:instancePath+"/spec/dataset/split",schemaPath:"#/properties/spec/properties/dataset/properties/split/required",keyword:"required",params:{missingProperty: "part"},message:"must have required property '"+"part"+"'"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
for(const key12 in data40){
if(!(((key12 === "share") || (key12 === "part")) || (key12 === "seed"))){
const err104 = {instancePath:instancePath+"/spec/dataset/split",schemaPath:"#/properties/spec/properties/dataset/properties/split/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
if(data40.share !== undefined){
let data41 = data40.share;
if(typeof data41 == "number"){
if(data41 >= 1 || isNaN(data41)){
const err105 = {instancePath:instancePath+"/spec/dataset/split/share",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/share/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1"};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(data41 <= 0 || isNaN(data41)){
const err106 = {instancePath:instancePath+"/spec/dataset/split/share",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/share/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0"};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
else {
const err107 = {instancePath:instancePath+"/spec/dataset/split/share",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/share/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
if(data40.part !== undefined){
let data42 = data40.part;
if(typeof data42 !== "string"){
const err108 = {instancePath:instancePath+"/spec/dataset/split/part",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/part/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
if(!((data42 === "held-out") || (data42 === "rest"))){
const err109 = {instancePath:instancePath+"/spec/dataset/split/part",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/part/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.dataset.properties.split.properties.part.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data40.seed !== undefined){
let data43 = data40.seed;
if(!((typeof data43 == "number") && (!(data43 % 1) && !isNaN(data43)))){
const err110 = {instancePath:instancePath+"/spec/dataset/split/seed",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/seed/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
if(typeof data43 == "number"){
if(data43 < 0 || isNaN(data43)){
const err111 = {instancePath:instancePath+"/spec/dataset/split/seed",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
}
}
else {
const err112 = {instancePath:instancePath+"/spec/dataset/split",schemaPath:"#/properties/spec/properties/dataset/properties/split/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data31.sample !== undefined){
let data44 = data31.sample;
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
if(data44.size === undefined){
const err113 = {instancePath:instancePath+"/spec/dataset/sample",schemaPath:"#/properties/spec/properties/dataset/properties/sample/required",keyword:"required",params:{missingProperty: "size"},message:"must have required property '"+"size"+"'"};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
for(const key13 in data44){
if(!((key13 === "size") || (key13 === "seed"))){
const err114 = {instancePath:instancePath+"/spec/dataset/sample",schemaPath:"#/properties/spec/properties/dataset/properties/sample/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data44.size !== undefined){
let data45 = data44.size;
if(!((typeof data45 == "number") && (!(data45 % 1) && !isNaN(data45)))){
const err115 = {instancePath:instancePath+"/spec/dataset/sample/size",schemaPath:"#/properties/spec/properties/dataset/properties/sample/properties/size/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(typeof data45 == "number"){
if(data45 < 1 || isNaN(data45)){
const err116 = {instancePath:instancePath+"/spec/dataset/sample/size",schemaPath:"#/properties/spec/properties/dataset/properties/sample/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
}
if(data44.seed !== undefined){
let data46 = data44.seed;
if(!((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46)))){
const err117 = {instancePath:instancePath+"/spec/dataset/sample/seed",schemaPath:"#/properties/spec/properties/dataset/properties/sample/properties/seed/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(typeof data46 == "number"){
if(data46 < 0 || isNaN(data46)){
const err118 = {instancePath:instancePath+"/spec/dataset/sample/seed",schemaPath:"#/properties/spec/properties/dataset/properties/sample/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
}
}
else {
const err119 = {instancePath:instancePath+"/spec/dataset/sample",schemaPath:"#/properties/spec/properties/dataset/properties/sample/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
}
else {
const err120 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
let data47 = data3.metric;
if(typeof data47 !== "string"){
const err121 = {instancePath:instancePath+"/spec/metric",schemaPath:"#/properties/spec/properties/metric/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if(!(((((((((((((((data47 === "accuracy") || (data47 === "topK")) || (data47 === "f1Macro")) || (data47 === "f1Weighted")) || (data47 === "entityF1")) || (data47 === "exactMatch")) || (data47 === "tokenF1")) || (data47 === "bleu")) || (data47 === "chrf")) || (data47 === "perplexity")) || (data47 === "meanAbsoluteError")) || (data47 === "meanSquaredError")) || (data47 === "r2")) || (data47 === "recallAtK")) || (data47 === "meanReciprocalRank"))){
const err122 = {instancePath:instancePath+"/spec/metric",schemaPath:"#/properties/spec/properties/metric/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.metric.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(data3.topK !== undefined){
let data48 = data3.topK;
if(!((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48)))){
const err123 = {instancePath:instancePath+"/spec/topK",schemaPath:"#/properties/spec/properties/topK/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
if(typeof data48 == "number"){
if(data48 > 1000 || isNaN(data48)){
const err124 = {instancePath:instancePath+"/spec/topK",schemaPath:"#/properties/spec/properties/topK/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
if(data48 < 1 || isNaN(data48)){
const err125 = {instancePath:instancePath+"/spec/topK",schemaPath:"#/properties/spec/properties/topK/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
}
if(data3.output !== undefined){
let data49 = data3.output;
if(typeof data49 === "string"){
if(data49.length > 253){
const err126 = {instancePath:instancePath+"/spec/output",schemaPath:"#/properties/spec/properties/output/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
if(data49.length < 1){
const err127 = {instancePath:instancePath+"/spec/output",schemaPath:"#/properties/spec/properties/output/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
else {
const err128 = {instancePath:instancePath+"/spec/output",schemaPath:"#/properties/spec/properties/output/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
let data50 = data3.concurrencies;
if(Array.isArray(data50)){
if(data50.length > 8){
const err129 = {instancePath:instancePath+"/spec/concurrencies",schemaPath:"#/properties/spec/properties/concurrencies/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items"};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
if(data50.length < 1){
const err130 = {instancePath:instancePath+"/spec/concurrencies",schemaPath:"#/properties/spec/properties/concurrencies/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
const len3 = data50.length;
for(let i3=0; i3<len3; i3++){
let data51 = data50[i3];
if(!((typeof data51 == "number") && (!(data51 % 1) && !isNaN(data51)))){
const err131 = {instancePath:instancePath+"/spec/concurrencies/" + i3,schemaPath:"#/properties/spec/properties/concurrencies/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
if(typeof data51 == "number"){
if(data51 > 256 || isNaN(data51)){
const err132 = {instancePath:instancePath+"/spec/concurrencies/" + i3,schemaPath:"#/properties/spec/properties/concurrencies/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256"};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
if(data51 < 1 || isNaN(data51)){
const err133 = {instancePath:instancePath+"/spec/concurrencies/" + i3,schemaPath:"#/properties/spec/properties/concurrencies/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
}
}
else {
const err134 = {instancePath:instancePath+"/spec/concurrencies",schemaPath:"#/properties/spec/properties/concurrencies/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
let data52 = data3.expectedRequestsPerHour;
if(typeof data52 == "number"){
if(data52 < 0 || isNaN(data52)){
const err135 = {instancePath:instancePath+"/spec/expectedRequestsPerHour",schemaPath:"#/properties/spec/properties/expectedRequestsPerHour/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
else {
const err136 = {instancePath:instancePath+"/spec/expectedRequestsPerHour",schemaPath:"#/properties/spec/properties/expectedRequestsPerHour/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
let data53 = data3.weights;
if(data53 && typeof data53 == "object" && !Array.isArray(data53)){
if(data53.accuracy === undefined){
data53.accuracy = 0.4;
}
if(data53.cost === undefined){
data53.cost = 0.3;
}
if(data53.throughput === undefined){
data53.throughput = 0.3;
}
for(const key14 in data53){
if(!(((key14 === "accuracy") || (key14 === "cost")) || (key14 === "throughput"))){
const err137 = {instancePath:instancePath+"/spec/weights",schemaPath:"#/properties/spec/properties/weights/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
let data54 = data53.accuracy;
if(typeof data54 == "number"){
if(data54 > 1 || isNaN(data54)){
const err138 = {instancePath:instancePath+"/spec/weights/accuracy",schemaPath:"#/properties/spec/properties/weights/properties/accuracy/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1"};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if(data54 < 0 || isNaN(data54)){
const err139 = {instancePath:instancePath+"/spec/weights/accuracy",schemaPath:"#/properties/spec/properties/weights/properties/accuracy/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
else {
const err140 = {instancePath:instancePath+"/spec/weights/accuracy",schemaPath:"#/properties/spec/properties/weights/properties/accuracy/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
let data55 = data53.cost;
if(typeof data55 == "number"){
if(data55 > 1 || isNaN(data55)){
const err141 = {instancePath:instancePath+"/spec/weights/cost",schemaPath:"#/properties/spec/properties/weights/properties/cost/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1"};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if(data55 < 0 || isNaN(data55)){
const err142 = {instancePath:instancePath+"/spec/weights/cost",schemaPath:"#/properties/spec/properties/weights/properties/cost/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
else {
const err143 = {instancePath:instancePath+"/spec/weights/cost",schemaPath:"#/properties/spec/properties/weights/properties/cost/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
let data56 = data53.throughput;
if(typeof data56 == "number"){
if(data56 > 1 || isNaN(data56)){
const err144 = {instancePath:instancePath+"/spec/weights/throughput",schemaPath:"#/properties/spec/properties/weights/properties/throughput/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1"};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
if(data56 < 0 || isNaN(data56)){
const err145 = {instancePath:instancePath+"/spec/weights/throughput",schemaPath:"#/properties/spec/properties/weights/properties/throughput/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
else {
const err146 = {instancePath:instancePath+"/spec/weights/throughput",schemaPath:"#/properties/spec/properties/weights/properties/throughput/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
else {
const err147 = {instancePath:instancePath+"/spec/weights",schemaPath:"#/properties/spec/properties/weights/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
let data57 = data3.costModel;
if(data57 && typeof data57 == "object" && !Array.isArray(data57)){
for(const key15 in data57){
if(!((((key15 === "basePerGb") || (key15 === "hardwarePerGb")) || (key15 === "perRequest")) || (key15 === "prices"))){
const err148 = {instancePath:instancePath+"/spec/costModel",schemaPath:"#/properties/spec/properties/costModel/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
if(data57.basePerGb !== undefined){
let data58 = data57.basePerGb;
if(typeof data58 == "number"){
if(data58 < 0 || isNaN(data58)){
const err149 = {instancePath:instancePath+"/spec/costModel/basePerGb",schemaPath:"#/properties/spec/properties/costModel/properties/basePerGb/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
else {
const err150 = {instancePath:instancePath+"/spec/costModel/basePerGb",schemaPath:"#/properties/spec/properties/costModel/properties/basePerGb/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
if(data57.hardwarePerGb !== undefined){
let data59 = data57.hardwarePerGb;
if(typeof data59 == "number"){
if(data59 < 0 || isNaN(data59)){
const err151 = {instancePath:instancePath+"/spec/costModel/hardwarePerGb",schemaPath:"#/properties/spec/properties/costModel/properties/hardwarePerGb/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
else {
const err152 = {instancePath:instancePath+"/spec/costModel/hardwarePerGb",schemaPath:"#/properties/spec/properties/costModel/properties/hardwarePerGb/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
if(data57.perRequest !== undefined){
let data60 = data57.perRequest;
if(typeof data60 == "number"){
if(data60 < 0 || isNaN(data60)){
const err153 = {instancePath:instancePath+"/spec/costModel/perRequest",schemaPath:"#/properties/spec/properties/costModel/properties/perRequest/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
}
else {
const err154 = {instancePath:instancePath+"/spec/costModel/perRequest",schemaPath:"#/properties/spec/properties/costModel/properties/perRequest/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
if(data57.prices !== undefined){
let data61 = data57.prices;
if(data61 && typeof data61 == "object" && !Array.isArray(data61)){
if(data61.configMapRef === undefined){
const err155 = {instancePath:instancePath+"/spec/costModel/prices",schemaPath:"#/properties/spec/properties/costModel/properties/prices/required",keyword:"required",params:{missingProperty: "configMapRef"},message:"must have required property '"+"configMapRef"+"'"};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
for(const key16 in data61){
if(!(key16 === "configMapRef")){
const err156 = {instancePath:instancePath+"/spec/costModel/prices",schemaPath:"#/properties/spec/properties/costModel/properties/prices/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
}
if(data61.configMapRef !== undefined){
let data62 = data61.configMapRef;
if(data62 && typeof data62 == "object" && !Array.isArray(data62)){
if(data62.name === undefined){
const err157 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
for(const key17 in data62){
if(!(key17 === "name")){
const err158 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data62.name !== undefined){
let data63 = data62.name;
if(typeof data63 === "string"){
if(data63.length > 253){
const err159 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef/name",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if(data63.length < 1){
const err160 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef/name",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
if(!pattern1.test(data63)){
const err161 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef/name",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
else {
const err162 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef/name",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
}
else {
const err163 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
}
else {
const err164 = {instancePath:instancePath+"/spec/costModel/prices",schemaPath:"#/properties/spec/properties/costModel/properties/prices/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
}
else {
const err165 = {instancePath:instancePath+"/spec/costModel",schemaPath:"#/properties/spec/properties/costModel/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
let data64 = data3.score;
if(typeof data64 !== "string"){
const err166 = {instancePath:instancePath+"/spec/score",schemaPath:"#/properties/spec/properties/score/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
if(!((data64 === "normalized") || (data64 === "comprehensive"))){
const err167 = {instancePath:instancePath+"/spec/score",schemaPath:"#/properties/spec/properties/score/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.score.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
let data65 = data3.serve;
if(data65 && typeof data65 == "object" && !Array.isArray(data65)){
if(data65.device === undefined){
data65.device = "auto";
}
for(const key18 in data65){
if(!(((((key18 === "device") || (key18 === "gpu")) || (key18 === "threads")) || (key18 === "maxRows")) || (key18 === "resources"))){
const err168 = {instancePath:instancePath+"/spec/serve",schemaPath:"#/properties/spec/properties/serve/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
let data66 = data65.device;
if(typeof data66 !== "string"){
const err169 = {instancePath:instancePath+"/spec/serve/device",schemaPath:"#/properties/spec/properties/serve/properties/device/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
if(!(((data66 === "auto") || (data66 === "gpu")) || (data66 === "cpu"))){
const err170 = {instancePath:instancePath+"/spec/serve/device",schemaPath:"#/properties/spec/properties/serve/properties/device/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.serve.properties.device.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
if(data65.gpu !== undefined){
let data67 = data65.gpu;
if(data67 && typeof data67 == "object" && !Array.isArray(data67)){
if(data67.resource === undefined){
data67.resource = "nvidia.com/gpu";
}
if(data67.count === undefined){
data67.count = 1;
}
for(const key19 in data67){
if(!((key19 === "resource") || (key19 === "count"))){
const err171 = {instancePath:instancePath+"/spec/serve/gpu",schemaPath:"#/properties/spec/properties/serve/properties/gpu/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key19},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
let data68 = data67.resource;
if(typeof data68 === "string"){
if(data68.length > 253){
const err172 = {instancePath:instancePath+"/spec/serve/gpu/resource",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/resource/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
if(data68.length < 1){
const err173 = {instancePath:instancePath+"/spec/serve/gpu/resource",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/resource/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
else {
const err174 = {instancePath:instancePath+"/spec/serve/gpu/resource",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/resource/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
let data69 = data67.count;
if(!((typeof data69 == "number") && (!(data69 % 1) && !isNaN(data69)))){
const err175 = {instancePath:instancePath+"/spec/serve/gpu/count",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
if(typeof data69 == "number"){
if(data69 > 64 || isNaN(data69)){
const err176 = {instancePath:instancePath+"/spec/serve/gpu/count",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 64},message:"must be <= 64"};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
if(data69 < 1 || isNaN(data69)){
const err177 = {instancePath:instancePath+"/spec/serve/gpu/count",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
}
else {
const err178 = {instancePath:instancePath+"/spec/serve/gpu",schemaPath:"#/properties/spec/properties/serve/properties/gpu/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
if(data65.threads !== undefined){
let data70 = data65.threads;
if(!((typeof data70 == "number") && (!(data70 % 1) && !isNaN(data70)))){
const err179 = {instancePath:instancePath+"/spec/serve/threads",schemaPath:"#/properties/spec/properties/serve/properties/threads/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
if(typeof data70 == "number"){
if(data70 > 256 || isNaN(data70)){
const err180 = {instancePath:instancePath+"/spec/serve/threads",schemaPath:"#/properties/spec/properties/serve/properties/threads/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256"};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
if(data70 < 1 || isNaN(data70)){
const err181 = {instancePath:instancePath+"/spec/serve/threads",schemaPath:"#/properties/spec/properties/serve/properties/threads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
}
if(data65.maxRows !== undefined){
let data71 = data65.maxRows;
if(!((typeof data71 == "number") && (!(data71 % 1) && !isNaN(data71)))){
const err182 = {instancePath:instancePath+"/spec/serve/maxRows",schemaPath:"#/properties/spec/properties/serve/properties/maxRows/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
if(typeof data71 == "number"){
if(data71 > 4096 || isNaN(data71)){
const err183 = {instancePath:instancePath+"/spec/serve/maxRows",schemaPath:"#/properties/spec/properties/serve/properties/maxRows/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4096},message:"must be <= 4096"};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
if(data71 < 1 || isNaN(data71)){
const err184 = {instancePath:instancePath+"/spec/serve/maxRows",schemaPath:"#/properties/spec/properties/serve/properties/maxRows/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
}
if(data65.resources !== undefined){
let data72 = data65.resources;
if(data72 && typeof data72 == "object" && !Array.isArray(data72)){
for(const key20 in data72){
if(!((key20 === "requests") || (key20 === "limits"))){
const err185 = {instancePath:instancePath+"/spec/serve/resources",schemaPath:"#/properties/spec/properties/serve/properties/resources/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key20},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
if(data72.requests !== undefined){
let data73 = data72.requests;
if(data73 && typeof data73 == "object" && !Array.isArray(data73)){
if(Object.keys(data73).length > 16){
const err186 = {instancePath:instancePath+"/spec/serve/resources/requests",schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/requests/maxProperties",keyword:"maxProperties",params:{limit: 16},message:"must NOT have more than 16 properties"};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
for(const key21 in data73){
let data74 = data73[key21];
if((!((typeof data74 == "number") && (!(data74 % 1) && !isNaN(data74)))) && (typeof data74 !== "string")){
const err187 = {instancePath:instancePath+"/spec/serve/resources/requests/" + key21.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/requests/additionalProperties/type",keyword:"type",params:{type: schema11.properties.spec.properties.serve.properties.resources.properties.requests.additionalProperties.type},message:"must be integer,string"};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
}
else {
const err188 = {instancePath:instancePath+"/spec/serve/resources/requests",schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/requests/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
}
if(data72.limits !== undefined){
let data75 = data72.limits;
if(data75 && typeof data75 == "object" && !Array.isArray(data75)){
if(Object.keys(data75).length > 16){
const err189 = {instancePath:instancePath+"/spec/serve/resources/limits",schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/limits/maxProperties",keyword:"maxProperties",params:{limit: 16},message:"must NOT have more than 16 properties"};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
for(const key22 in data75){
let data76 = data75[key22];
if((!((typeof data76 == "number") && (!(data76 % 1) && !isNaN(data76)))) && (typeof data76 !== "string")){
const err190 = {instancePath:instancePath+"/spec/serve/resources/limits/" + key22.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/limits/additionalProperties/type",keyword:"type",params:{type: schema11.properties.spec.properties.serve.properties.resources.properties.limits.additionalProperties.type},message:"must be integer,string"};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
}
}
else {
const err191 = {instancePath:instancePath+"/spec/serve/resources/limits",schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/limits/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
}
else {
const err192 = {instancePath:instancePath+"/spec/serve/resources",schemaPath:"#/properties/spec/properties/serve/properties/resources/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
}
}
else {
const err193 = {instancePath:instancePath+"/spec/serve",schemaPath:"#/properties/spec/properties/serve/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
if(data3.variants !== undefined){
let data77 = data3.variants;
if(data77 && typeof data77 == "object" && !Array.isArray(data77)){
for(const key23 in data77){
if(!(((key23 === "optimize") || (key23 === "threads")) || (key23 === "maxRows"))){
const err194 = {instancePath:instancePath+"/spec/variants",schemaPath:"#/properties/spec/properties/variants/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key23},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
}
if(data77.optimize !== undefined){
let data78 = data77.optimize;
if(Array.isArray(data78)){
if(data78.length > 8){
const err195 = {instancePath:instancePath+"/spec/variants/optimize",schemaPath:"#/properties/spec/properties/variants/properties/optimize/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items"};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
if(data78.length < 1){
const err196 = {instancePath:instancePath+"/spec/variants/optimize",schemaPath:"#/properties/spec/properties/variants/properties/optimize/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
const len4 = data78.length;
for(let i4=0; i4<len4; i4++){
let data79 = data78[i4];
if(data79 && typeof data79 == "object" && !Array.isArray(data79)){
for(const key24 in data79){
if(!(((((key24 === "export") || (key24 === "distill")) || (key24 === "graph")) || (key24 === "prune")) || (key24 === "quantize"))){
const err197 = {instancePath:instancePath+"/spec/variants/optimize/" + i4,schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key24},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
if(data79.export !== undefined){
let data80 = data79.export;
if(data80 && typeof data80 == "object" && !Array.isArray(data80)){
}
else {
const err198 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/export",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/export/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
}
if(data79.distill !== undefined){
let data81 = data79.distill;
if(data81 && typeof data81 == "object" && !Array.isArray(data81)){
}
else {
const err199 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/distill",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/distill/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
if(data79.graph !== undefined){
let data82 = data79.graph;
if(typeof data82 !== "string"){
const err200 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/graph",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/graph/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
if(!(((data82 === "none") || (data82 === "basic")) || (data82 === "all"))){
const err201 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/graph",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/graph/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.variants.properties.optimize.items.properties.graph.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
if(data79.prune !== undefined){
let data83 = data79.prune;
if(data83 && typeof data83 == "object" && !Array.isArray(data83)){
if(data83.method === undefined){
const err202 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/required",keyword:"required",params:{missingProperty: "method"},message:"must have required property '"+"method"+"'"};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
for(const key25 in data83){
if(!(((key25 === "method") || (key25 === "ratio")) || (key25 === "heads"))){
const err203 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key25},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
if(data83.method !== undefined){
let data84 = data83.method;
if(typeof data84 !== "string"){
const err204 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune/method",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/properties/method/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
if(!((data84 === "l1-unstructured") || (data84 === "structured"))){
const err205 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune/method",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/properties/method/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.variants.properties.optimize.items.properties.prune.properties.method.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
}
if(data83.ratio !== undefined){
let data85 = data83.ratio;
if(typeof data85 == "number"){
if(data85 >= 1 || isNaN(data85)){
const err206 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune/ratio",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/properties/ratio/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1"};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
if(data85 <= 0 || isNaN(data85)){
const err207 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune/ratio",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/properties/ratio/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0"};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
}
else {
const err208 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune/ratio",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/properties/ratio/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
}
if(data83.heads !== undefined){
if(typeof data83.heads !== "boolean"){
const err209 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune/heads",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/properties/heads/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
}
}
else {
const err210 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/prune",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/prune/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
}
if(data79.quantize !== undefined){
let data87 = data79.quantize;
if(typeof data87 !== "string"){
const err211 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/quantize",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/quantize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
if(!(((((data87 === "none") || (data87 === "int8-dynamic")) || (data87 === "int8-static")) || (data87 === "int4")) || (data87 === "fp16"))){
const err212 = {instancePath:instancePath+"/spec/variants/optimize/" + i4+"/quantize",schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/properties/quantize/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.variants.properties.optimize.items.properties.quantize.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
}
else {
const err213 = {instancePath:instancePath+"/spec/variants/optimize/" + i4,schemaPath:"#/properties/spec/properties/variants/properties/optimize/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
}
}
else {
const err214 = {instancePath:instancePath+"/spec/variants/optimize",schemaPath:"#/properties/spec/properties/variants/properties/optimize/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
}
if(data77.threads !== undefined){
let data88 = data77.threads;
if(Array.isArray(data88)){
if(data88.length > 8){
const err215 = {instancePath:instancePath+"/spec/variants/threads",schemaPath:"#/properties/spec/properties/variants/properties/threads/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items"};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
if(data88.length < 1){
const err216 = {instancePath:instancePath+"/spec/variants/threads",schemaPath:"#/properties/spec/properties/variants/properties/threads/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
const len5 = data88.length;
for(let i5=0; i5<len5; i5++){
let data89 = data88[i5];
if(!((typeof data89 == "number") && (!(data89 % 1) && !isNaN(data89)))){
const err217 = {instancePath:instancePath+"/spec/variants/threads/" + i5,schemaPath:"#/properties/spec/properties/variants/properties/threads/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
if(typeof data89 == "number"){
if(data89 > 256 || isNaN(data89)){
const err218 = {instancePath:instancePath+"/spec/variants/threads/" + i5,schemaPath:"#/properties/spec/properties/variants/properties/threads/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256"};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
if(data89 < 1 || isNaN(data89)){
const err219 = {instancePath:instancePath+"/spec/variants/threads/" + i5,schemaPath:"#/properties/spec/properties/variants/properties/threads/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
}
}
}
else {
const err220 = {instancePath:instancePath+"/spec/variants/threads",schemaPath:"#/properties/spec/properties/variants/properties/threads/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
}
if(data77.maxRows !== undefined){
let data90 = data77.maxRows;
if(Array.isArray(data90)){
if(data90.length > 8){
const err221 = {instancePath:instancePath+"/spec/variants/maxRows",schemaPath:"#/properties/spec/properties/variants/properties/maxRows/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items"};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
if(data90.length < 1){
const err222 = {instancePath:instancePath+"/spec/variants/maxRows",schemaPath:"#/properties/spec/properties/variants/properties/maxRows/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
const len6 = data90.length;
for(let i6=0; i6<len6; i6++){
let data91 = data90[i6];
if(!((typeof data91 == "number") && (!(data91 % 1) && !isNaN(data91)))){
const err223 = {instancePath:instancePath+"/spec/variants/maxRows/" + i6,schemaPath:"#/properties/spec/properties/variants/properties/maxRows/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
if(typeof data91 == "number"){
if(data91 > 4096 || isNaN(data91)){
const err224 = {instancePath:instancePath+"/spec/variants/maxRows/" + i6,schemaPath:"#/properties/spec/properties/variants/properties/maxRows/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4096},message:"must be <= 4096"};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
if(data91 < 1 || isNaN(data91)){
const err225 = {instancePath:instancePath+"/spec/variants/maxRows/" + i6,schemaPath:"#/properties/spec/properties/variants/properties/maxRows/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
}
}
}
else {
const err226 = {instancePath:instancePath+"/spec/variants/maxRows",schemaPath:"#/properties/spec/properties/variants/properties/maxRows/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
}
else {
const err227 = {instancePath:instancePath+"/spec/variants",schemaPath:"#/properties/spec/properties/variants/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
}
if(data3.objective !== undefined){
let data92 = data3.objective;
if(data92 && typeof data92 == "object" && !Array.isArray(data92)){
if(data92.minimize === undefined){
const err228 = {instancePath:instancePath+"/spec/objective",schemaPath:"#/properties/spec/properties/objective/required",keyword:"required",params:{missingProperty: "minimize"},message:"must have required property '"+"minimize"+"'"};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
for(const key26 in data92){
if(!((key26 === "minimize") || (key26 === "subjectTo"))){
const err229 = {instancePath:instancePath+"/spec/objective",schemaPath:"#/properties/spec/properties/objective/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key26},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
}
if(data92.minimize !== undefined){
let data93 = data92.minimize;
if(typeof data93 !== "string"){
const err230 = {instancePath:instancePath+"/spec/objective/minimize",schemaPath:"#/properties/spec/properties/objective/properties/minimize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
if(!(((data93 === "cost") || (data93 === "latency")) || (data93 === "size"))){
const err231 = {instancePath:instancePath+"/spec/objective/minimize",schemaPath:"#/properties/spec/properties/objective/properties/minimize/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.objective.properties.minimize.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
}
if(data92.subjectTo !== undefined){
let data94 = data92.subjectTo;
if(data94 && typeof data94 == "object" && !Array.isArray(data94)){
for(const key27 in data94){
if(!((key27 === "p95Ms") || (key27 === "accuracyDrop"))){
const err232 = {instancePath:instancePath+"/spec/objective/subjectTo",schemaPath:"#/properties/spec/properties/objective/properties/subjectTo/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key27},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
if(data94.p95Ms !== undefined){
let data95 = data94.p95Ms;
if(typeof data95 == "number"){
if(data95 <= 0 || isNaN(data95)){
const err233 = {instancePath:instancePath+"/spec/objective/subjectTo/p95Ms",schemaPath:"#/properties/spec/properties/objective/properties/subjectTo/properties/p95Ms/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0"};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
}
else {
const err234 = {instancePath:instancePath+"/spec/objective/subjectTo/p95Ms",schemaPath:"#/properties/spec/properties/objective/properties/subjectTo/properties/p95Ms/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
}
if(data94.accuracyDrop !== undefined){
let data96 = data94.accuracyDrop;
if(typeof data96 == "number"){
if(data96 < 0 || isNaN(data96)){
const err235 = {instancePath:instancePath+"/spec/objective/subjectTo/accuracyDrop",schemaPath:"#/properties/spec/properties/objective/properties/subjectTo/properties/accuracyDrop/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
}
else {
const err236 = {instancePath:instancePath+"/spec/objective/subjectTo/accuracyDrop",schemaPath:"#/properties/spec/properties/objective/properties/subjectTo/properties/accuracyDrop/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
}
}
else {
const err237 = {instancePath:instancePath+"/spec/objective/subjectTo",schemaPath:"#/properties/spec/properties/objective/properties/subjectTo/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
}
}
else {
const err238 = {instancePath:instancePath+"/spec/objective",schemaPath:"#/properties/spec/properties/objective/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
}
let data97 = data3.timeBudget;
if(typeof data97 === "string"){
if(data97.length > 16){
const err239 = {instancePath:instancePath+"/spec/timeBudget",schemaPath:"#/properties/spec/properties/timeBudget/maxLength",keyword:"maxLength",params:{limit: 16},message:"must NOT have more than 16 characters"};
if(vErrors === null){
vErrors = [err239];
}
else {
vErrors.push(err239);
}
errors++;
}
if(!pattern6.test(data97)){
const err240 = {instancePath:instancePath+"/spec/timeBudget",schemaPath:"#/properties/spec/properties/timeBudget/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]*(s|m|h)$"},message:"must match pattern \""+"^[1-9][0-9]*(s|m|h)$"+"\""};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
}
else {
const err241 = {instancePath:instancePath+"/spec/timeBudget",schemaPath:"#/properties/spec/properties/timeBudget/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
if(typeof data3.suspend !== "boolean"){
const err242 = {instancePath:instancePath+"/spec/suspend",schemaPath:"#/properties/spec/properties/suspend/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
}
else {
const err243 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
}
}
else {
const err244 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
