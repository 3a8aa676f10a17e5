// @ts-nocheck
/** Generated from crds/ by scripts/generate.ts; change the CRD, not this file. */
export const validateModelEvaluation = validate10;
const schema11 = {"type":"object","required":["spec"],"properties":{"apiVersion":{"type":"string"},"kind":{"type":"string"},"metadata":{"type":"object"},"spec":{"type":"object","required":["candidates","dataset"],"properties":{"requirements":{"type":"object","maxProperties":32,"additionalProperties":{"type":"boolean"}},"candidates":{"type":"array","minItems":1,"maxItems":16,"items":{"type":"object","required":["name","task","source"],"properties":{"name":{"type":"string","minLength":1,"maxLength":40,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},"task":{"type":"string","enum":["tensor","text-classification","token-classification","question-answering","feature-extraction","zero-shot-classification","fill-mask","text-generation","code-generation","translation","image-classification","zero-shot-image-classification","image-to-text"]},"source":{"type":"object","properties":{"uri":{"type":"string","minLength":1,"maxLength":2048},"configMapRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false},"file":{"type":"string","minLength":6,"maxLength":512},"sha256":{"type":"string","maxLength":64},"secretRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false}},"additionalProperties":false},"labels":{"type":"array","minItems":1,"maxItems":1000,"items":{"type":"string","minLength":1,"maxLength":253}},"capabilities":{"type":"array","maxItems":32,"items":{"type":"string","minLength":1,"maxLength":63}},"optimize":{"type":"object","additionalProperties":true}},"additionalProperties":false}},"dataset":{"type":"object","properties":{"uri":{"type":"string","minLength":1,"maxLength":2048},"configMapRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false},"secretRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false},"file":{"type":"string","minLength":1,"maxLength":512},"sha256":{"type":"string","maxLength":64},"format":{"type":"string","enum":["jsonl","csv"]},"split":{"type":"object","required":["share","part"],"properties":{"share":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"part":{"type":"string","enum":["held-out","rest"]},"seed":{"type":"integer","minimum":0}},"additionalProperties":false},"sample":{"type":"object","required":["size"],"properties":{"size":{"type":"integer","minimum":1},"seed":{"type":"integer","minimum":0}},"additionalProperties":false}},"additionalProperties":false},"metric":{"type":"string","default":"accuracy","enum":["accuracy","topK","f1Macro","f1Weighted","entityF1","exactMatch","tokenF1","bleu","chrf","perplexity","meanAbsoluteError","meanSquaredError","r2","recallAtK","meanReciprocalRank"]},"topK":{"type":"integer","minimum":1,"maximum":1000},"output":{"type":"string","minLength":1,"maxLength":253},"concurrencies":{"type":"array","minItems":1,"maxItems":8,"default":[1,8],"items":{"type":"integer","minimum":1,"maximum":256}},"expectedRequestsPerHour":{"type":"number","default":1000,"minimum":0},"weights":{"type":"object","default":{"accuracy":0.4,"cost":0.3,"throughput":0.3},"properties":{"accuracy":{"type":"number","default":0.4,"minimum":0,"maximum":1},"cost":{"type":"number","default":0.3,"minimum":0,"maximum":1},"throughput":{"type":"number","default":0.3,"minimum":0,"maximum":1}},"additionalProperties":false},"costModel":{"type":"object","default":{},"properties":{"basePerGb":{"type":"number","minimum":0},"hardwarePerGb":{"type":"number","minimum":0},"perRequest":{"type":"number","minimum":0},"prices":{"type":"object","required":["configMapRef"],"properties":{"configMapRef":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}},"additionalProperties":false}},"additionalProperties":false}},"additionalProperties":false},"score":{"type":"string","default":"normalized","enum":["normalized","comprehensive"]},"serve":{"type":"object","default":{},"properties":{"device":{"type":"string","enum":["auto","gpu","cpu"],"default":"auto"},"gpu":{"type":"object","properties":{"resource":{"type":"string","default":"nvidia.com/gpu","minLength":1,"maxLength":253},"count":{"type":"integer","default":1,"minimum":1,"maximum":64}},"additionalProperties":false},"threads":{"type":"integer","minimum":1,"maximum":256},"maxRows":{"type":"integer","minimum":1,"maximum":4096},"resources":{"type":"object","properties":{"requests":{"type":"object","maxProperties":16,"additionalProperties":{"type":["integer","string"]}},"limits":{"type":"object","maxProperties":16,"additionalProperties":{"type":["integer","string"]}}},"additionalProperties":false}},"additionalProperties":false},"variants":{"type":"object","additionalProperties":true},"objective":{"type":"object","additionalProperties":true},"timeBudget":{"type":"string","default":"10m","maxLength":16,"pattern":"^[1-9][0-9]*(s|m|h)$"},"suspend":{"type":"boolean","default":false}},"additionalProperties":false},"status":{}},"additionalProperties":false};
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
}
else {
const err58 = {instancePath:instancePath+"/spec/candidates/" + i0+"/optimize",schemaPath:"#/properties/spec/properties/candidates/items/properties/optimize/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
}
else {
const err59 = {instancePath:instancePath+"/spec/candidates/" + i0,schemaPath:"#/properties/spec/properties/candidates/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
}
else {
const err60 = {instancePath:instancePath+"/spec/candidates",schemaPath:"#/properties/spec/properties/candidates/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data3.dataset !== undefined){
let data23 = data3.dataset;
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key7 in data23){
if(!((((((((key7 === "uri") || (key7 === "configMapRef")) || (key7 === "secretRef")) || (key7 === "file")) || (key7 === "sha256")) || (key7 === "format")) || (key7 === "split")) || (key7 === "sample"))){
const err61 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data23.uri !== undefined){
let data24 = data23.uri;
if(typeof data24 === "string"){
if(data24.length > 2048){
const err62 = {instancePath:instancePath+"/spec/dataset/uri",schemaPath:"#/properties/spec/properties/dataset/properties/uri/maxLength",keyword:"maxLength",params:{limit: 2048},message:"must NOT have more than 2048 characters"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(data24.length < 1){
const err63 = {instancePath:instancePath+"/spec/dataset/uri",schemaPath:"#/properties/spec/properties/dataset/properties/uri/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
else {
const err64 = {instancePath:instancePath+"/spec/dataset/uri",schemaPath:"#/properties/spec/properties/dataset/properties/uri/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data23.configMapRef !== undefined){
let data25 = data23.configMapRef;
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
if(data25.name === undefined){
const err65 = {instancePath:instancePath+"/spec/dataset/configMapRef",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
for(const key8 in data25){
if(!(key8 === "name")){
const err66 = {instancePath:instancePath+"/spec/dataset/configMapRef",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data25.name !== undefined){
let data26 = data25.name;
if(typeof data26 === "string"){
if(data26.length > 253){
const err67 = {instancePath:instancePath+"/spec/dataset/configMapRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(data26.length < 1){
const err68 = {instancePath:instancePath+"/spec/dataset/configMapRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(!pattern1.test(data26)){
const err69 = {instancePath:instancePath+"/spec/dataset/configMapRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/spec/dataset/configMapRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
const err71 = {instancePath:instancePath+"/spec/dataset/configMapRef",schemaPath:"#/properties/spec/properties/dataset/properties/configMapRef/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data23.secretRef !== undefined){
let data27 = data23.secretRef;
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
if(data27.name === undefined){
const err72 = {instancePath:instancePath+"/spec/dataset/secretRef",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
for(const key9 in data27){
if(!(key9 === "name")){
const err73 = {instancePath:instancePath+"/spec/dataset/secretRef",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data27.name !== undefined){
let data28 = data27.name;
if(typeof data28 === "string"){
if(data28.length > 253){
const err74 = {instancePath:instancePath+"/spec/dataset/secretRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(data28.length < 1){
const err75 = {instancePath:instancePath+"/spec/dataset/secretRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
if(!pattern1.test(data28)){
const err76 = {instancePath:instancePath+"/spec/dataset/secretRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
else {
const err77 = {instancePath:instancePath+"/spec/dataset/secretRef/name",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
}
else {
const err78 = {instancePath:instancePath+"/spec/dataset/secretRef",schemaPath:"#/properties/spec/properties/dataset/properties/secretRef/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data23.file !== undefined){
let data29 = data23.file;
if(typeof data29 === "string"){
if(data29.length > 512){
const err79 = {instancePath:instancePath+"/spec/dataset/file",schemaPath:"#/properties/spec/properties/dataset/properties/file/maxLength",keyword:"maxLength",params:{limit: 512},message:"must NOT have more than 512 characters"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(data29.length < 1){
const err80 = {instancePath:instancePath+"/spec/dataset/file",schemaPath:"#/properties/spec/properties/dataset/properties/file/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/spec/dataset/file",schemaPath:"#/properties/spec/properties/dataset/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data23.sha256 !== undefined){
let data30 = data23.sha256;
if(typeof data30 === "string"){
if(data30.length > 64){
const err82 = {instancePath:instancePath+"/spec/dataset/sha256",schemaPath:"#/properties/spec/properties/dataset/properties/sha256/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters"};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
else {
const err83 = {instancePath:instancePath+"/spec/dataset/sha256",schemaPath:"#/properties/spec/properties/dataset/properties/sha256/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data23.format !== undefined){
let data31 = data23.format;
if(typeof data31 !== "string"){
const err84 = {instancePath:instancePath+"/spec/dataset/format",schemaPath:"#/properties/spec/properties/dataset/properties/format/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if(!((data31 === "jsonl") || (data31 === "csv"))){
const err85 = {instancePath:instancePath+"/spec/dataset/format",schemaPath:"#/properties/spec/properties/dataset/properties/format/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.dataset.properties.format.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data23.split !== undefined){
let data32 = data23.split;
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
if(data32.share === undefined){
const err86 = {instancePath:instancePath+"/spec/dataset/split",schemaPath:"#/properties/spec/properties/dataset/properties/split/required",keyword:"required",params:{missingProperty: "share"},message:"must have required property '"+"share"+"'"};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if(data32.part === undefined){
const err87 = {instancePath:instancePath+"/spec/dataset/split",schemaPath:"#/properties/spec/properties/dataset/properties/split/required",keyword:"required",params:{missingProperty: "part"},message:"must have required property '"+"part"+"'"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
for(const key10 in data32){
if(!(((key10 === "share") || (key10 === "part")) || (key10 === "seed"))){
const err88 = {instancePath:instancePath+"/spec/dataset/split",schemaPath:"#/properties/spec/properties/dataset/properties/split/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
if(data32.share !== undefined){
let data33 = data32.share;
if(typeof data33 == "number"){
if(data33 >= 1 || isNaN(data33)){
const err89 = {instancePath:instancePath+"/spec/dataset/split/share",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/share/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1"};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if(data33 <= 0 || isNaN(data33)){
const err90 = {instancePath:instancePath+"/spec/dataset/split/share",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/share/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0"};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/spec/dataset/split/share",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/share/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data32.part !== undefined){
let data34 = data32.part;
if(typeof data34 !== "string"){
const err92 = {instancePath:instancePath+"/spec/dataset/split/part",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/part/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
if(!((data34 === "held-out") || (data34 === "rest"))){
const err93 = {instancePath:instancePath+"/spec/dataset/split/part",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/part/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.dataset.properties.split.properties.part.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data32.seed !== undefined){
let data35 = data32.seed;
if(!((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35)))){
const err94 = {instancePath:instancePath+"/spec/dataset/split/seed",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/seed/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(typeof data35 == "number"){
if(data35 < 0 || isNaN(data35)){
const err95 = {instancePath:instancePath+"/spec/dataset/split/seed",schemaPath:"#/properties/spec/properties/dataset/properties/split/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
}
}
else {
const err96 = {instancePath:instancePath+"/spec/dataset/split",schemaPath:"#/properties/spec/properties/dataset/properties/split/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data23.sample !== undefined){
let data36 = data23.sample;
if(data36 && typeof data36 == "object" && !Array.isArray(data36)){
if(data36.size === undefined){
const err97 = {instancePath:instancePath+"/spec/dataset/sample",schemaPath:"#/properties/spec/properties/dataset/properties/sample/required",keyword:"required",params:{missingProperty: "size"},message:"must have required property '"+"size"+"'"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
for(const key11 in data36){
if(!((key11 === "size") || (key11 === "seed"))){
const err98 = {instancePath:instancePath+"/spec/dataset/sample",schemaPath:"#/properties/spec/properties/dataset/properties/sample/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
if(data36.size !== undefined){
let data37 = data36.size;
if(!((typeof data37 == "number") && (!(data37 % 1) && !isNaN(data37)))){
const err99 = {instancePath:instancePath+"/spec/dataset/sample/size",schemaPath:"#/properties/spec/properties/dataset/properties/sample/properties/size/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if(typeof data37 == "number"){
if(data37 < 1 || isNaN(data37)){
const err100 = {instancePath:instancePath+"/spec/dataset/sample/size",schemaPath:"#/properties/spec/properties/dataset/properties/sample/properties/size/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
}
if(data36.seed !== undefined){
let data38 = data36.seed;
if(!((typeof data38 == "number") && (!(data38 % 1) && !isNaN(data38)))){
const err101 = {instancePath:instancePath+"/spec/dataset/sample/seed",schemaPath:"#/properties/spec/properties/dataset/properties/sample/properties/seed/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(typeof data38 == "number"){
if(data38 < 0 || isNaN(data38)){
const err102 = {instancePath:instancePath+"/spec/dataset/sample/seed",schemaPath:"#/properties/spec/properties/dataset/properties/sample/properties/seed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
}
}
else {
const err103 = {instancePath:instancePath+"/spec/dataset/sample",schemaPath:"#/properties/spec/properties/dataset/properties/sample/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
}
else {
const err104 = {instancePath:instancePath+"/spec/dataset",schemaPath:"#/properties/spec/properties/dataset/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
let data39 = data3.metric;
if(typeof data39 !== "string"){
const err105 = {instancePath:instancePath+"/spec/metric",schemaPath:"#/properties/spec/properties/metric/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(!(((((((((((((((data39 === "accuracy") || (data39 === "topK")) || (data39 === "f1Macro")) || (data39 === "f1Weighted")) || (data39 === "entityF1")) || (data39 === "exactMatch")) || (data39 === "tokenF1")) || (data39 === "bleu")) || (data39 === "chrf")) || (data39 === "perplexity")) || (data39 === "meanAbsoluteError")) || (data39 === "meanSquaredError")) || (data39 === "r2")) || (data39 === "recallAtK")) || (data39 === "meanReciprocalRank"))){
const err106 = {instancePath:instancePath+"/spec/metric",schemaPath:"#/properties/spec/properties/metric/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.metric.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(data3.topK !== undefined){
let data40 = data3.topK;
if(!((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40)))){
const err107 = {instancePath:instancePath+"/spec/topK",schemaPath:"#/properties/spec/properties/topK/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(typeof data40 == "number"){
if(data40 > 1000 || isNaN(data40)){
const err108 = {instancePath:instancePath+"/spec/topK",schemaPath:"#/properties/spec/properties/topK/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
if(data40 < 1 || isNaN(data40)){
const err109 = {instancePath:instancePath+"/spec/topK",schemaPath:"#/properties/spec/properties/topK/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
}
if(data3.output !== undefined){
let data41 = data3.output;
if(typeof data41 === "string"){
if(data41.length > 253){
const err110 = {instancePath:instancePath+"/spec/output",schemaPath:"#/properties/spec/properties/output/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
if(data41.length < 1){
const err111 = {instancePath:instancePath+"/spec/output",schemaPath:"#/properties/spec/properties/output/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
else {
const err112 = {instancePath:instancePath+"/spec/output",schemaPath:"#/properties/spec/properties/output/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
let data42 = data3.concurrencies;
if(Array.isArray(data42)){
if(data42.length > 8){
const err113 = {instancePath:instancePath+"/spec/concurrencies",schemaPath:"#/properties/spec/properties/concurrencies/maxItems",keyword:"maxItems",params:{limit: 8},message:"must NOT have more than 8 items"};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if(data42.length < 1){
const err114 = {instancePath:instancePath+"/spec/concurrencies",schemaPath:"#/properties/spec/properties/concurrencies/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
const len3 = data42.length;
for(let i3=0; i3<len3; i3++){
let data43 = data42[i3];
if(!((typeof data43 == "number") && (!(data43 % 1) && !isNaN(data43)))){
const err115 = {instancePath:instancePath+"/spec/concurrencies/" + i3,schemaPath:"#/properties/spec/properties/concurrencies/items/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(typeof data43 == "number"){
if(data43 > 256 || isNaN(data43)){
const err116 = {instancePath:instancePath+"/spec/concurrencies/" + i3,schemaPath:"#/properties/spec/properties/concurrencies/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256"};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(data43 < 1 || isNaN(data43)){
const err117 = {instancePath:instancePath+"/spec/concurrencies/" + i3,schemaPath:"#/properties/spec/properties/concurrencies/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
}
}
else {
const err118 = {instancePath:instancePath+"/spec/concurrencies",schemaPath:"#/properties/spec/properties/concurrencies/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
let data44 = data3.expectedRequestsPerHour;
if(typeof data44 == "number"){
if(data44 < 0 || isNaN(data44)){
const err119 = {instancePath:instancePath+"/spec/expectedRequestsPerHour",schemaPath:"#/properties/spec/properties/expectedRequestsPerHour/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
else {
const err120 = {instancePath:instancePath+"/spec/expectedRequestsPerHour",schemaPath:"#/properties/spec/properties/expectedRequestsPerHour/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
let data45 = data3.weights;
if(data45 && typeof data45 == "object" && !Array.isArray(data45)){
if(data45.accuracy === undefined){
data45.accuracy = 0.4;
}
if(data45.cost === undefined){
data45.cost = 0.3;
}
if(data45.throughput === undefined){
data45.throughput = 0.3;
}
for(const key12 in data45){
if(!(((key12 === "accuracy") || (key12 === "cost")) || (key12 === "throughput"))){
const err121 = {instancePath:instancePath+"/spec/weights",schemaPath:"#/properties/spec/properties/weights/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
let data46 = data45.accuracy;
if(typeof data46 == "number"){
if(data46 > 1 || isNaN(data46)){
const err122 = {instancePath:instancePath+"/spec/weights/accuracy",schemaPath:"#/properties/spec/properties/weights/properties/accuracy/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1"};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(data46 < 0 || isNaN(data46)){
const err123 = {instancePath:instancePath+"/spec/weights/accuracy",schemaPath:"#/properties/spec/properties/weights/properties/accuracy/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
else {
const err124 = {instancePath:instancePath+"/spec/weights/accuracy",schemaPath:"#/properties/spec/properties/weights/properties/accuracy/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
let data47 = data45.cost;
if(typeof data47 == "number"){
if(data47 > 1 || isNaN(data47)){
const err125 = {instancePath:instancePath+"/spec/weights/cost",schemaPath:"#/properties/spec/properties/weights/properties/cost/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1"};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if(data47 < 0 || isNaN(data47)){
const err126 = {instancePath:instancePath+"/spec/weights/cost",schemaPath:"#/properties/spec/properties/weights/properties/cost/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
else {
const err127 = {instancePath:instancePath+"/spec/weights/cost",schemaPath:"#/properties/spec/properties/weights/properties/cost/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
let data48 = data45.throughput;
if(typeof data48 == "number"){
if(data48 > 1 || isNaN(data48)){
const err128 = {instancePath:instancePath+"/spec/weights/throughput",schemaPath:"#/properties/spec/properties/weights/properties/throughput/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1"};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
if(data48 < 0 || isNaN(data48)){
const err129 = {instancePath:instancePath+"/spec/weights/throughput",schemaPath:"#/properties/spec/properties/weights/properties/throughput/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
else {
const err130 = {instancePath:instancePath+"/spec/weights/throughput",schemaPath:"#/properties/spec/properties/weights/properties/throughput/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
else {
const err131 = {instancePath:instancePath+"/spec/weights",schemaPath:"#/properties/spec/properties/weights/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
let data49 = data3.costModel;
if(data49 && typeof data49 == "object" && !Array.isArray(data49)){
for(const key13 in data49){
if(!((((key13 === "basePerGb") || (key13 === "hardwarePerGb")) || (key13 === "perRequest")) || (key13 === "prices"))){
const err132 = {instancePath:instancePath+"/spec/costModel",schemaPath:"#/properties/spec/properties/costModel/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
if(data49.basePerGb !== undefined){
let data50 = data49.basePerGb;
if(typeof data50 == "number"){
if(data50 < 0 || isNaN(data50)){
const err133 = {instancePath:instancePath+"/spec/costModel/basePerGb",schemaPath:"#/properties/spec/properties/costModel/properties/basePerGb/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
else {
const err134 = {instancePath:instancePath+"/spec/costModel/basePerGb",schemaPath:"#/properties/spec/properties/costModel/properties/basePerGb/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
if(data49.hardwarePerGb !== undefined){
let data51 = data49.hardwarePerGb;
if(typeof data51 == "number"){
if(data51 < 0 || isNaN(data51)){
const err135 = {instancePath:instancePath+"/spec/costModel/hardwarePerGb",schemaPath:"#/properties/spec/properties/costModel/properties/hardwarePerGb/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
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
const err136 = {instancePath:instancePath+"/spec/costModel/hardwarePerGb",schemaPath:"#/properties/spec/properties/costModel/properties/hardwarePerGb/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
if(data49.perRequest !== undefined){
let data52 = data49.perRequest;
if(typeof data52 == "number"){
if(data52 < 0 || isNaN(data52)){
const err137 = {instancePath:instancePath+"/spec/costModel/perRequest",schemaPath:"#/properties/spec/properties/costModel/properties/perRequest/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
else {
const err138 = {instancePath:instancePath+"/spec/costModel/perRequest",schemaPath:"#/properties/spec/properties/costModel/properties/perRequest/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
if(data49.prices !== undefined){
let data53 = data49.prices;
if(data53 && typeof data53 == "object" && !Array.isArray(data53)){
if(data53.configMapRef === undefined){
const err139 = {instancePath:instancePath+"/spec/costModel/prices",schemaPath:"#/properties/spec/properties/costModel/properties/prices/required",keyword:"required",params:{missingProperty: "configMapRef"},message:"must have required property '"+"configMapRef"+"'"};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
for(const key14 in data53){
if(!(key14 === "configMapRef")){
const err140 = {instancePath:instancePath+"/spec/costModel/prices",schemaPath:"#/properties/spec/properties/costModel/properties/prices/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
if(data53.configMapRef !== undefined){
let data54 = data53.configMapRef;
if(data54 && typeof data54 == "object" && !Array.isArray(data54)){
if(data54.name === undefined){
const err141 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
for(const key15 in data54){
if(!(key15 === "name")){
const err142 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
if(data54.name !== undefined){
let data55 = data54.name;
if(typeof data55 === "string"){
if(data55.length > 253){
const err143 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef/name",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/properties/name/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
if(data55.length < 1){
const err144 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef/name",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
if(!pattern1.test(data55)){
const err145 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef/name",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"+"\""};
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
const err146 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef/name",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
}
else {
const err147 = {instancePath:instancePath+"/spec/costModel/prices/configMapRef",schemaPath:"#/properties/spec/properties/costModel/properties/prices/properties/configMapRef/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
}
else {
const err148 = {instancePath:instancePath+"/spec/costModel/prices",schemaPath:"#/properties/spec/properties/costModel/properties/prices/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
}
else {
const err149 = {instancePath:instancePath+"/spec/costModel",schemaPath:"#/properties/spec/properties/costModel/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
let data56 = data3.score;
if(typeof data56 !== "string"){
const err150 = {instancePath:instancePath+"/spec/score",schemaPath:"#/properties/spec/properties/score/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
if(!((data56 === "normalized") || (data56 === "comprehensive"))){
const err151 = {instancePath:instancePath+"/spec/score",schemaPath:"#/properties/spec/properties/score/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.score.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
let data57 = data3.serve;
if(data57 && typeof data57 == "object" && !Array.isArray(data57)){
if(data57.device === undefined){
data57.device = "auto";
}
for(const key16 in data57){
if(!(((((key16 === "device") || (key16 === "gpu")) || (key16 === "threads")) || (key16 === "maxRows")) || (key16 === "resources"))){
const err152 = {instancePath:instancePath+"/spec/serve",schemaPath:"#/properties/spec/properties/serve/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
let data58 = data57.device;
if(typeof data58 !== "string"){
const err153 = {instancePath:instancePath+"/spec/serve/device",schemaPath:"#/properties/spec/properties/serve/properties/device/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(!(((data58 === "auto") || (data58 === "gpu")) || (data58 === "cpu"))){
const err154 = {instancePath:instancePath+"/spec/serve/device",schemaPath:"#/properties/spec/properties/serve/properties/device/enum",keyword:"enum",params:{allowedValues: schema11.properties.spec.properties.serve.properties.device.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
if(data57.gpu !== undefined){
let data59 = data57.gpu;
if(data59 && typeof data59 == "object" && !Array.isArray(data59)){
if(data59.resource === undefined){
data59.resource = "nvidia.com/gpu";
}
if(data59.count === undefined){
data59.count = 1;
}
for(const key17 in data59){
if(!((key17 === "resource") || (key17 === "count"))){
const err155 = {instancePath:instancePath+"/spec/serve/gpu",schemaPath:"#/properties/spec/properties/serve/properties/gpu/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
let data60 = data59.resource;
if(typeof data60 === "string"){
if(data60.length > 253){
const err156 = {instancePath:instancePath+"/spec/serve/gpu/resource",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/resource/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
if(data60.length < 1){
const err157 = {instancePath:instancePath+"/spec/serve/gpu/resource",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/resource/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
else {
const err158 = {instancePath:instancePath+"/spec/serve/gpu/resource",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/resource/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
let data61 = data59.count;
if(!((typeof data61 == "number") && (!(data61 % 1) && !isNaN(data61)))){
const err159 = {instancePath:instancePath+"/spec/serve/gpu/count",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/count/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if(typeof data61 == "number"){
if(data61 > 64 || isNaN(data61)){
const err160 = {instancePath:instancePath+"/spec/serve/gpu/count",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/count/maximum",keyword:"maximum",params:{comparison: "<=", limit: 64},message:"must be <= 64"};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
if(data61 < 1 || isNaN(data61)){
const err161 = {instancePath:instancePath+"/spec/serve/gpu/count",schemaPath:"#/properties/spec/properties/serve/properties/gpu/properties/count/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
}
else {
const err162 = {instancePath:instancePath+"/spec/serve/gpu",schemaPath:"#/properties/spec/properties/serve/properties/gpu/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
if(data57.threads !== undefined){
let data62 = data57.threads;
if(!((typeof data62 == "number") && (!(data62 % 1) && !isNaN(data62)))){
const err163 = {instancePath:instancePath+"/spec/serve/threads",schemaPath:"#/properties/spec/properties/serve/properties/threads/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
if(typeof data62 == "number"){
if(data62 > 256 || isNaN(data62)){
const err164 = {instancePath:instancePath+"/spec/serve/threads",schemaPath:"#/properties/spec/properties/serve/properties/threads/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256"};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
if(data62 < 1 || isNaN(data62)){
const err165 = {instancePath:instancePath+"/spec/serve/threads",schemaPath:"#/properties/spec/properties/serve/properties/threads/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
}
if(data57.maxRows !== undefined){
let data63 = data57.maxRows;
if(!((typeof data63 == "number") && (!(data63 % 1) && !isNaN(data63)))){
const err166 = {instancePath:instancePath+"/spec/serve/maxRows",schemaPath:"#/properties/spec/properties/serve/properties/maxRows/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
if(typeof data63 == "number"){
if(data63 > 4096 || isNaN(data63)){
const err167 = {instancePath:instancePath+"/spec/serve/maxRows",schemaPath:"#/properties/spec/properties/serve/properties/maxRows/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4096},message:"must be <= 4096"};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
if(data63 < 1 || isNaN(data63)){
const err168 = {instancePath:instancePath+"/spec/serve/maxRows",schemaPath:"#/properties/spec/properties/serve/properties/maxRows/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
}
if(data57.resources !== undefined){
let data64 = data57.resources;
if(data64 && typeof data64 == "object" && !Array.isArray(data64)){
for(const key18 in data64){
if(!((key18 === "requests") || (key18 === "limits"))){
const err169 = {instancePath:instancePath+"/spec/serve/resources",schemaPath:"#/properties/spec/properties/serve/properties/resources/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
if(data64.requests !== undefined){
let data65 = data64.requests;
if(data65 && typeof data65 == "object" && !Array.isArray(data65)){
if(Object.keys(data65).length > 16){
const err170 = {instancePath:instancePath+"/spec/serve/resources/requests",schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/requests/maxProperties",keyword:"maxProperties",params:{limit: 16},message:"must NOT have more than 16 properties"};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
for(const key19 in data65){
let data66 = data65[key19];
if((!((typeof data66 == "number") && (!(data66 % 1) && !isNaN(data66)))) && (typeof data66 !== "string")){
const err171 = {instancePath:instancePath+"/spec/serve/resources/requests/" + key19.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/requests/additionalProperties/type",keyword:"type",params:{type: schema11.properties.spec.properties.serve.properties.resources.properties.requests.additionalProperties.type},message:"must be integer,string"};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
}
else {
const err172 = {instancePath:instancePath+"/spec/serve/resources/requests",schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/requests/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
}
if(data64.limits !== undefined){
let data67 = data64.limits;
if(data67 && typeof data67 == "object" && !Array.isArray(data67)){
if(Object.keys(data67).length > 16){
const err173 = {instancePath:instancePath+"/spec/serve/resources/limits",schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/limits/maxProperties",keyword:"maxProperties",params:{limit: 16},message:"must NOT have more than 16 properties"};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
for(const key20 in data67){
let data68 = data67[key20];
if((!((typeof data68 == "number") && (!(data68 % 1) && !isNaN(data68)))) && (typeof data68 !== "string")){
const err174 = {instancePath:instancePath+"/spec/serve/resources/limits/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/limits/additionalProperties/type",keyword:"type",params:{type: schema11.properties.spec.properties.serve.properties.resources.properties.limits.additionalProperties.type},message:"must be integer,string"};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
}
}
else {
const err175 = {instancePath:instancePath+"/spec/serve/resources/limits",schemaPath:"#/properties/spec/properties/serve/properties/resources/properties/limits/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
}
}
else {
const err176 = {instancePath:instancePath+"/spec/serve/resources",schemaPath:"#/properties/spec/properties/serve/properties/resources/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
}
}
else {
const err177 = {instancePath:instancePath+"/spec/serve",schemaPath:"#/properties/spec/properties/serve/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
if(data3.variants !== undefined){
let data69 = data3.variants;
if(data69 && typeof data69 == "object" && !Array.isArray(data69)){
}
else {
const err178 = {instancePath:instancePath+"/spec/variants",schemaPath:"#/properties/spec/properties/variants/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
if(data3.objective !== undefined){
let data70 = data3.objective;
if(data70 && typeof data70 == "object" && !Array.isArray(data70)){
}
else {
const err179 = {instancePath:instancePath+"/spec/objective",schemaPath:"#/properties/spec/properties/objective/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
let data71 = data3.timeBudget;
if(typeof data71 === "string"){
if(data71.length > 16){
const err180 = {instancePath:instancePath+"/spec/timeBudget",schemaPath:"#/properties/spec/properties/timeBudget/maxLength",keyword:"maxLength",params:{limit: 16},message:"must NOT have more than 16 characters"};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
if(!pattern6.test(data71)){
const err181 = {instancePath:instancePath+"/spec/timeBudget",schemaPath:"#/properties/spec/properties/timeBudget/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]*(s|m|h)$"},message:"must match pattern \""+"^[1-9][0-9]*(s|m|h)$"+"\""};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
else {
const err182 = {instancePath:instancePath+"/spec/timeBudget",schemaPath:"#/properties/spec/properties/timeBudget/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
if(typeof data3.suspend !== "boolean"){
const err183 = {instancePath:instancePath+"/spec/suspend",schemaPath:"#/properties/spec/properties/suspend/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
else {
const err184 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"},message:"must be object"};
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
else {
const err185 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
