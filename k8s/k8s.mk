# The image, and the tests that run as Jobs in a cluster: docs/kubernetes.md. Variables: NAMESPACE, CONTEXT, SCENARIO,
# ARGS, IMG, DOCKERHUB_USERNAME, CUSTOM_IMAGE_TAG; k8s/jobs/settings.env keeps them, and those of the scenarios.
cluster_tests := $(shell awk '!/^\#/ { print $$1 }' k8s/jobs/tests)
.PHONY: image build-push kind-push-image docker-run deploy-target undeploy-target create-secret undeploy-all-test \
  $(foreach verb,deploy undeploy logs results status,$(cluster_tests:%=$(verb)-%-test))

image: build ## build the image of this build, by docker or buildah
	@k8s/scripts/image

build-push: image ## build the image and push it (DOCKERHUB_USERNAME, CUSTOM_IMAGE_TAG)
	@k8s/scripts/push

kind-push-image: image ## build the image and load it into a kind cluster (KIND_CLUSTER=seldon)
	@k8s/scripts/push kind

docker-run: image ## run a scenario in the image, here (SCENARIO=hello, ARGS=...)
	@k8s/scripts/run-image

deploy-target: ## run the built-in target in the cluster, for the tests to load
	@k8s/scripts/target up

undeploy-target: ## delete it
	@k8s/scripts/target down

create-secret: ## keep the key of a Google service account in the cluster, for uploads (FILE=key.json)
	@k8s/scripts/create-secret

undeploy-all-test: ## delete all that the tests below have made
	@k8s/scripts/undeploy --all

$(cluster_tests:%=deploy-%-test): deploy-%-test: ## run a test as a Job: deploy-envoy-test, ... (SCENARIO, ARGS)
	@k8s/scripts/deploy $*

$(cluster_tests:%=undeploy-%-test): undeploy-%-test: ## delete the Job of a test
	@k8s/scripts/undeploy $*

$(cluster_tests:%=logs-%-test): logs-%-test: ## follow its log
	@k8s/scripts/logs $*

$(cluster_tests:%=results-%-test): results-%-test: ## copy its results to results/
	@k8s/scripts/results $*

$(cluster_tests:%=status-%-test): status-%-test: ## say how far it is
	@k8s/scripts/status $*
