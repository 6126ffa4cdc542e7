# The only door: every set-up and test step is a target here. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{ printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## Cluster, build, images, platform, demo cluster (CONTEXT=name: your own cluster)
	@hack/up

down: ## Remove this checkout's cluster and all that it made
	@hack/cluster stop

status: ## Health of this checkout's cluster and of the platform
	@hack/status

logs: ## Last lines of the cluster's components (one: make logs COMPONENT=kubelet)
	@hack/cluster logs $(COMPONENT)

kubeconfig: ## Print the path of the kubeconfig: export KUBECONFIG=$(make -s kubeconfig)
	@hack/cluster kubeconfig

tools: ## Build the cluster's own tools (etcd, Kubernetes, containerd, ...) into the cache
	@hack/tools/build

build: ## Compile and package all modules, without tests
	@hack/maven -DskipTests package

images: ## Build all container images
	@hack/images/build

bundle: ## Write the platform as one YAML file: target/middleware-platform.yaml
	@mkdir -p target && hack/install --print > target/middleware-platform.yaml && echo target/middleware-platform.yaml

install: ## Install the platform into the running cluster, or update it
	@hack/install

uninstall: ## Remove the platform (PURGE=1: clusters, data and CRDs, too)
	@hack/uninstall $(if $(PURGE),--purge)

test: ## All tests: unit, integration, extensions, end to end
	@hack/test unit it extensions e2e

test-unit: ## Unit tests
	@hack/test unit

test-it: ## Integration tests against etcd and kube-apiserver
	@hack/test it

test-e2e: ## End-to-end tests against the cluster of `make up`
	@hack/test e2e

conformance: ## StatefulSet's own tests for ExPodSet, with mutants (docs/conformance.md)
	@hack/test conformance

campaign: ## Every fault at every write of ExPodSets; takes a while (docs/testing.md)
	@hack/test campaign

bench-expodset: ## ExPodSet beside StatefulSet, goals included; BENCH_FULL=1: hours (docs/benchmarks.md)
	@hack/test bench-expodset

bench-clusters: ## Many MiddlewareClusters, goals included; BENCH_FULL=1 (docs/benchmarks.md)
	@hack/test bench-clusters

fmt: ## Format the Java sources
	@hack/maven spotless:apply

check: canary ## What the build and the scripts promise: formatting, warnings, shell scripts
	@hack/check

canary: ## Prove that Error Prone and NullAway fail a build
	@hack/canary/run

.PHONY: help up down status logs kubeconfig tools build images bundle install uninstall test test-unit \
	test-it test-e2e conformance campaign bench-expodset bench-clusters fmt check canary
