# One image for each service: `docker build --target post-service .` (or timeline-service, notifier, fanout-worker).
# Each runs by itself with REDIS_URL. Nothing here needs BuildKit.

FROM node:24-bookworm-slim AS sources
WORKDIR /workspace
COPY . .
# The manifests alone, so that the packages below are installed again only when one of these changes.
RUN find . -name package.json -o -name package-lock.json -o -name .npmrc | xargs cp --parents -t /opt

# What the build needs: packages and compiled services.
FROM node:24-bookworm-slim AS build
WORKDIR /workspace
COPY --from=sources /opt .
RUN npm ci --ignore-scripts --no-progress
COPY --from=sources /workspace .
RUN npx tsc --build apps/*/tsconfig.build.json
# What the services need at run time: manifests, compiled code and scripts of Redis, each where it was.
RUN find apps libs -type f \( -path '*/dist/*.js' -o -path '*/dist/*.js.map' -o -path '*/src/lua/*.lua' -o -name package.json \) \
      -not -path '*/node_modules/*' | xargs cp --parents -t /opt

# What the services run on. All four share this layer: apart they would differ by a few files, and fill more room.
FROM node:24-bookworm-slim AS packages
WORKDIR /workspace
COPY --from=sources /opt .
# Optional is only what a plugin of the compiler would need.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-progress --include-workspace-root=false \
      -w apps/post-service -w apps/timeline-service -w apps/notifier -w apps/fanout-worker \
 && npm cache clean --force

FROM node:24-bookworm-slim AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 NODE_OPTIONS=--enable-source-maps
WORKDIR /workspace
COPY --from=packages /workspace .
COPY --from=build /opt/libs libs
USER node
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

FROM runtime AS post-service
ENV PORT=3001
EXPOSE 3001
COPY --from=build /opt/apps/post-service apps/post-service
CMD ["node", "apps/post-service/dist/main.js"]

FROM runtime AS timeline-service
ENV PORT=3002
EXPOSE 3002
COPY --from=build /opt/apps/timeline-service apps/timeline-service
CMD ["node", "apps/timeline-service/dist/main.js"]

FROM runtime AS notifier
ENV PORT=3003
EXPOSE 3003
COPY --from=build /opt/apps/notifier apps/notifier
CMD ["node", "apps/notifier/dist/main.js"]

FROM runtime AS fanout-worker
ENV PORT=3004
EXPOSE 3004
COPY --from=build /opt/apps/fanout-worker apps/fanout-worker
CMD ["node", "apps/fanout-worker/dist/main.js"]
