import { Module } from '@nestjs/common';
import { FanoutModule } from 'service-host';

import { ImportController } from './import/import.controller.js';
import { Importer } from './import/importer.js';
import { MessagesController } from './messages/messages.controller.js';
import { PostsController } from './posts/posts.controller.js';
import { UsersController } from './users/users.controller.js';

@Module({
  imports: [FanoutModule.forRoot()],
  controllers: [PostsController, UsersController, MessagesController, ImportController],
  providers: [Importer],
})
export class AppModule {}
