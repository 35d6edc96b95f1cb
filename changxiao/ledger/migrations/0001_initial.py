import django.db.models.deletion
from django.db import migrations, models

from changxiao.ledger import triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name='编号')),
                ('size', models.PositiveBigIntegerField(verbose_name='记录数')),
                ('root', models.CharField(max_length=64, verbose_name='根校验值')),
                ('note', models.TextField(verbose_name='签名文本')),
                ('signed_at', models.DateTimeField(verbose_name='签署时间')),
            ],
            options={
                'verbose_name': '检查点',
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('consumer', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='消费者')),
                ('position', models.PositiveBigIntegerField(default=0, verbose_name='位置')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='失败次数')),
                ('retry_at', models.DateTimeField(null=True, verbose_name='再试时间')),
            ],
            options={
                'verbose_name': '读取位置',
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='作业')),
                ('beat_at', models.DateTimeField(verbose_name='最近完成')),
                ('period', models.PositiveIntegerField(verbose_name='周期')),
                ('error', models.TextField(blank=True, verbose_name='错误')),
            ],
            options={
                'verbose_name': '心跳',
            },
        ),
        migrations.CreateModel(
            name='PrivateValue',
            fields=[
                ('commit', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='承诺值')),
                ('salt', models.CharField(max_length=32, verbose_name='盐')),
                ('value', models.TextField(verbose_name='值')),
            ],
            options={
                'verbose_name': '个人信息',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=120, verbose_name='记录流')),
                ('n', models.PositiveIntegerField(verbose_name='序号')),
                ('verb', models.CharField(max_length=64, verbose_name='动作')),
                ('actor', models.CharField(max_length=64, verbose_name='办理人')),
                ('on_behalf', models.CharField(blank=True, max_length=64, verbose_name='代办对象')),
                ('act_key', models.CharField(max_length=80, verbose_name='动作键')),
                ('occurred_at', models.DateTimeField(null=True, verbose_name='发生时间')),
                ('at', models.DateTimeField(verbose_name='法定时间')),
                ('recorded_at', models.DateTimeField(verbose_name='记录时间')),
                ('body', models.TextField(verbose_name='内容')),
                ('prev', models.CharField(max_length=64, verbose_name='前一校验值')),
                ('hash', models.CharField(max_length=64, verbose_name='校验值')),
            ],
            options={
                'verbose_name': '记录',
                'ordering': ('stream', 'n'),
                'constraints': [models.UniqueConstraint(fields=('act_key',), name='entry_key_once'), models.UniqueConstraint(fields=('stream', 'n'), name='entry_place_once')],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('index', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='位置')),
                ('hash', models.CharField(max_length=64, verbose_name='叶校验值')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='leaf', to='ledger.entry')),
            ],
            options={
                'verbose_name': '叶',
            },
        ),
        migrations.CreateModel(
            name='Node',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(verbose_name='层')),
                ('index', models.PositiveBigIntegerField(verbose_name='位置')),
                ('hash', models.CharField(max_length=64, verbose_name='校验值')),
            ],
            options={
                'verbose_name': '节点',
                'constraints': [models.UniqueConstraint(fields=('level', 'index'), name='node_place_once')],
            },
        ),
        migrations.CreateModel(
            name='Parked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consumer', models.CharField(max_length=64, verbose_name='消费者')),
                ('error', models.TextField(verbose_name='错误')),
                ('parked_at', models.DateTimeField(verbose_name='搁置时间')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
            ],
            options={
                'verbose_name': '搁置',
                'constraints': [models.UniqueConstraint(fields=('consumer', 'entry'), name='parked_once')],
            },
        ),
        migrations.RunPython(triggers.install, triggers.remove),
    ]
